#include "admin.hpp"

namespace byot::app {
namespace {

constexpr std::size_t max_body = 4 * 1024; // nothing here reads one

} // namespace

admin::admin(net::reactor& home, std::uint16_t port, std::function<task<std::string>()> text)
    : text_(std::move(text)), server_(home, port, max_body, *this) {}

task<void> admin::drain(steady_time limit) {
    co_await server_.drain(limit);
}

task<void> admin::answer(http::local_exchange& asked) {
    if (asked.method() != "GET" || asked.path() != "/metrics") {
        co_await asked.respond(failure(reason::route_unknown));
        co_return;
    }
    auto text = co_await text_();
    http::response answer(200, std::move(text));
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    co_await asked.respond(std::move(answer));
}

} // namespace byot::app
