#pragma once

#include "http/client.hpp"

#include "scripted_server.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

namespace byot::http::test {

using after = turn::after;

/// The client's answer, or the exception that came instead.
struct outcome {
    std::optional<result<client_answer>> answer;
    bool was_bug = false;
};

inline task<void> fetch_into(net::connection_pool& pool, client_request request, outcome& out) {
    try {
        auto answer = co_await fetch(pool, std::move(request));
        out.answer.emplace(std::move(answer));
    } catch (const std::logic_error&) {
        out.was_bug = true;
    }
}

inline task<void> fetch_and_tell(net::connection_pool& pool, client_request request,
                                 byot::async_event& done) {
    outcome unused;
    co_await fetch_into(pool, std::move(request), unused);
    done.notify();
}

/// Two at the same time, so on two connections.
inline task<void> fetch_both(net::connection_pool& pool, client_request request) {
    byot::async_event done;
    spawn(fetch_and_tell(pool, request, done));
    outcome unused;
    co_await fetch_into(pool, std::move(request), unused);
    co_await done.wait();
}

struct client_fixture : net::testing::reactor_fixture {
    net::connector open{home, net::make_client_tls()};
    net::connection_pool pool{home, open};

    static client_request request_to(const scripted_server& server, std::string_view target = "/x") {
        client_request request;
        request.address = parse_url(fmt::format("http://127.0.0.1:{}{}", server.port(), target)).value();
        request.limit = net::testing::soon();
        return request;
    }

    outcome try_fetch(client_request request) {
        outcome out;
        run(fetch_into(pool, std::move(request), out));
        return out;
    }
    result<client_answer> fetch_now(client_request request) { return *try_fetch(std::move(request)).answer; }

    reason why(client_request request) {
        const auto answer = fetch_now(std::move(request));
        BOOST_REQUIRE(answer.has_error());
        return answer.error().why();
    }
};

} // namespace byot::http::test
