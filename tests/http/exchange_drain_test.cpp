#include "http/server.hpp"
#include "net/fixture.hpp"
#include "net/raw_socket.hpp"

using namespace byot;
using namespace byot::net::testing;

namespace {

/// Does what it was made with when the drain time is over.
struct drain_watcher final : http::exchange_watcher {
    explicit drain_watcher(std::function<void()> what) : act(std::move(what)) {}
    void on_client_gone() override {}
    void on_drained() override { act(); }

    std::function<void()> act;
};

/// A server whose one request does what the test says and then waits for `may_end`.
struct drain_fixture : reactor_fixture, http::request_handler {
    std::function<void(http::exchange&)> begin;
    byot::async_event has_begun;
    byot::async_event may_end;
    std::unique_ptr<drain_watcher> first;
    std::unique_ptr<drain_watcher> second;
    int ended = 0;
    http::server server{home, {}, *this};
    std::uint16_t port = server.bind("127.0.0.1", 0);
    raw_socket client;

    void observe(const telemetry::access_record&) override {}
    task<void> answer(http::exchange& asked) override {
        begin(asked);
        has_begun.notify();
        co_await may_end.wait();
        asked.unwatch();
        co_await asked.respond(http::response(200, "{}"));
    }

    /// Sends the request and drains the server at once.
    void drain() {
        server.start();
        client = connect_to(port);
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        auto body = [this]() -> task<void> {
            co_await has_begun.wait();
            co_await server.drain(steady_now());
        };
        run(body());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(exchange_drains, drain_fixture)

BOOST_AUTO_TEST_CASE(what_ends_an_exchange_may_be_taken_away_by_whom_it_resumes) {
    begin = [this](http::exchange& asked) {
        first = std::make_unique<drain_watcher>([this] {
            may_end.notify(); // which answers, and the session and its exchange are gone
            ++ended;
        });
        asked.watch(*first);
    };
    drain();
    BOOST_TEST(ended == 1);
    BOOST_TEST(server.connections() == 0);
    BOOST_TEST(client.receive_all().starts_with("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(what_ends_an_exchange_may_put_another_in_its_place_which_then_runs_too) {
    begin = [this](http::exchange& asked) {
        second = std::make_unique<drain_watcher>([this] {
            ++ended;
            may_end.notify();
        });
        first = std::make_unique<drain_watcher>([this, &asked] {
            ++ended;
            asked.watch(*second);
        });
        asked.watch(*first);
    };
    drain();
    BOOST_TEST(ended == 2);
}

BOOST_AUTO_TEST_CASE(what_is_set_after_the_drain_runs_at_once_and_may_take_itself_away) {
    begin = [this](http::exchange& asked) {
        second = std::make_unique<drain_watcher>([this, &asked] {
            asked.unwatch();
            ++ended;
        });
        first = std::make_unique<drain_watcher>([this, &asked] {
            asked.watch(*second);
            may_end.notify();
        });
        asked.watch(*first);
    };
    drain();
    BOOST_TEST(ended == 1);
}

BOOST_AUTO_TEST_SUITE_END()
