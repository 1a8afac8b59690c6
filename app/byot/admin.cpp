#include "admin.hpp"

namespace byot::app {

admin::admin(net::reactor& home, std::uint16_t port, std::function<task<std::string>()> text)
    : home_(home), text_(std::move(text)),
      server_(
          home, {}, [this](http::exchange& exchange) { return answer(exchange); },
          [](const telemetry::access_record&) {}) {
    server_.bind("127.0.0.1", port);
}

void admin::start() {
    home_.post([this] { server_.start(); });
}

task<void> admin::drain(steady_time limit) {
    co_await server_.drain(limit);
}

task<void> admin::answer(http::exchange& exchange) {
    if (exchange.head().method() != "GET" || exchange.checked().path != "/metrics") {
        co_await exchange.respond(failure(reason::route_unknown));
        co_return;
    }
    auto text = co_await text_();
    http::response answer(200, std::move(text));
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    co_await exchange.respond(std::move(answer));
}

} // namespace byot::app
