#include "commands.hpp"
#include "config/addresses.hpp"
#include "config/configuration.hpp"
#include "http/client.hpp"
#include "printable_text.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace byot::app {
namespace {

constexpr std::chrono::seconds patience{2};

/// An address to ask, or why there is none.
struct question {
    std::string address;
    std::string problem;
};

/// Who listens on every address answers on loopback.
std::string address_to_ask(const std::string& bind) {
    if (bind == "0.0.0.0") return "127.0.0.1";
    if (config::is_every_address(bind)) return "::1";
    return bind;
}

/// This machine's server, where PORT and BYOT_BIND have it.
question ask_own_server() {
    const auto [values, problems] = config::parse(config::process_environment());
    for (const auto& one : problems) {
        if (one.variable == "PORT" || one.variable == "BYOT_BIND")
            return {{}, one.variable + " " + one.message};
    }
    if (values.port == 0) return {{}, "PORT is 0, so the server's address must be given: byot health URL"};
    const auto where = authority({false, address_to_ask(values.bind), values.port});
    return {"http://" + where + "/health/ready", {}};
}

/// A body is shown to a terminal: one line of its beginning.
std::string beginning_of(std::string_view body) {
    constexpr std::size_t longest = 400;
    const auto text = printable_text(body, longest, ' ');
    return text.empty() ? "" : ": " + text;
}

std::string sentence_of(const failure& why, bool is_tls) {
    switch (why.why()) {
    case reason::upstream_timeout:
        return fmt::format("no whole answer within {} s", patience.count());
    case reason::upstream_invalid:
        return "what answers there speaks no HTTP, or sends too much of it";
    default:
        return is_tls ? "nobody answers there, or with a certificate that is not trusted"
                      : "nobody answers there";
    }
}

/// What is wrong; empty when the answer is 200.
task<void> ask(net::reactor& here, net::connection_pool& pool, url address, std::string& problem) {
    const bool is_tls = address.origin.is_tls;
    http::client_request request;
    request.address = std::move(address);
    request.limit = steady_now() + patience;
    const auto answer = co_await http::fetch(pool, std::move(request));
    if (!answer.has_value()) {
        problem = sentence_of(answer.error(), is_tls);
    } else if (answer.value().status != 200) {
        problem = fmt::format("answers {}{}", answer.value().status, beginning_of(answer.value().body));
    }
    here.stop();
}

std::string problem_at(const url& address) {
    net::reactor here(0);
    net::connector connector(here, net::make_client_tls());
    net::connection_pool pool(here, connector);
    std::string problem;
    here.post([&] { spawn(ask(here, pool, address, problem)); });
    here.run();
    return problem;
}

int tell(const std::string& problem) {
    fmt::print(stderr, "byot health: {}\n", problem);
    return 1;
}

} // namespace

int health(std::optional<std::string> url) {
    const auto asked = url ? question{*url, {}} : ask_own_server();
    if (!asked.problem.empty()) return tell(asked.problem);
    const auto address = parse_url(asked.address);
    if (!address)
        return tell("URL must be an http or https address, such as http://127.0.0.1:8080/health/ready");
    const auto problem = problem_at(*address);
    fmt::print("{}\n", problem.empty() ? "healthy" : "unhealthy");
    return problem.empty() ? 0 : tell(config::mask_url(asked.address) + ": " + problem);
}

} // namespace byot::app
