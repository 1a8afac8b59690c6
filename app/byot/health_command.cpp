#include "commands.hpp"
#include "http/client.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace byot::app {
namespace {

constexpr std::chrono::seconds patience{2};

std::string own_address() {
    const char* const port = std::getenv("PORT");
    return fmt::format("http://127.0.0.1:{}/health/ready", port && *port ? port : "8080");
}

task<void> ask(net::reactor& here, net::connection_pool& pool, http::url address, bool& is_healthy) {
    http::client_request request;
    request.address = std::move(address);
    request.limit = steady_now() + patience;
    const auto answer = co_await http::fetch(pool, std::move(request));
    is_healthy = answer.has_value() && answer.value().status == 200;
    here.stop();
}

} // namespace

int health(std::optional<std::string> url) {
    const auto address = http::parse_url(url.value_or(own_address()));
    if (!address) {
        fmt::print(stderr, "byot: health takes an http or https address\n");
        return 1;
    }
    net::reactor here(0);
    net::connector connector(here, net::make_client_tls());
    net::connection_pool pool(here, connector);
    bool is_healthy = false;
    here.post([&] { spawn(ask(here, pool, *address, is_healthy)); });
    here.run();
    fmt::print("{}\n", is_healthy ? "healthy" : "unhealthy");
    return is_healthy ? 0 : 1;
}

} // namespace byot::app
