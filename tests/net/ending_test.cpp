#include "net/fixture.hpp"
#include "net/raw_socket.hpp"

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace byot::net {

inline std::ostream& operator<<(std::ostream& out, receive_outcome outcome) {
    return out << "outcome " << static_cast<int>(outcome);
}

} // namespace byot::net

namespace {

using enum receive_outcome;

struct ending_fixture : reactor_fixture {
    byot::async_event told;
    int times_told = 0;

    void tell() {
        ++times_told;
        told.notify();
    }
    std::function<void()> teller() {
        return [this] { tell(); };
    }
    task<void> note_outcome(connection& c, std::optional<receive_outcome>& outcome) {
        outcome = co_await c.receive();
        told.notify();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ending, ending_fixture)

BOOST_AUTO_TEST_CASE(a_close_by_the_peer_is_told_to_the_watch_once) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->watch_peer(teller());
        p.theirs.close();
        co_await told.wait();
        BOOST_TEST(times_told == 1);
        BOOST_TEST(!p.ours->is_open());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_close_that_comes_with_bytes_is_told_to_the_watch) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->watch_peer(teller());
        p.theirs.send("a request");
        p.theirs.close();
        co_await told.wait();
        BOOST_TEST(p.ours->received() == "a request");
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_reset_that_comes_with_bytes_is_told_to_the_watch) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->watch_peer(teller());
        p.theirs.send("a request");
        p.theirs.reset();
        co_await told.wait();
        BOOST_TEST(!p.ours->is_open());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_end_behind_bytes_that_find_no_room_is_told_to_the_watch) {
    for (const auto leave : {&raw_socket::end, &raw_socket::reset_now}) {
        pair p(home);
        auto body = [&]() -> task<void> {
            p.theirs.send(std::string(3 * p.ours->capacity(), 'x'));
            while (p.ours->received().size() < p.ours->capacity()) co_await p.ours->receive();
            p.ours->watch_peer(teller());
            (p.theirs.*leave)();
            co_await told.wait();
        };
        run(body());
    }
    BOOST_TEST(times_told == 2);
}

BOOST_AUTO_TEST_CASE(an_end_seen_before_its_bytes_filled_the_buffer_is_told_to_the_watch) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->watch_peer(teller());
        p.theirs.send(std::string(3 * p.ours->capacity(), 'x'));
        p.theirs.end();
        co_await told.wait();
        BOOST_TEST(p.ours->received().size() == p.ours->capacity());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_watch_set_after_the_close_is_told_at_once) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.close();
        const auto outcome = co_await p.ours->receive();
        BOOST_TEST(outcome == ended);
        p.ours->watch_peer(teller());
        BOOST_TEST(times_told == 1);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_watch_taken_away_is_not_told) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->watch_peer(teller());
        p.ours->watch_peer(nullptr);
        p.theirs.close();
        while (p.ours->is_open()) co_await home.sleep_until(std::chrono::steady_clock::now() + 1ms);
        BOOST_TEST(times_told == 0);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_watch_may_destroy_its_connection) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->watch_peer([&] {
            p.ours.reset();
            tell();
        });
        p.theirs.close();
        co_await told.wait();
        BOOST_TEST(!p.ours);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_idle_watch_is_told_of_bytes) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->watch_idle(teller());
        p.theirs.send("unasked");
        co_await told.wait();
        BOOST_TEST(!p.ours->is_quiet());
        BOOST_TEST(p.ours->is_open());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_idle_watch_is_told_of_the_deadline) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->expire_at(std::chrono::steady_clock::now());
        p.ours->watch_idle(teller());
        co_await told.wait();
        BOOST_TEST(p.ours->is_expired());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_interruption_ends_the_wait_that_is_on) {
    pair p(home);
    std::optional<receive_outcome> outcome;
    spawn(note_outcome(*p.ours, outcome));
    BOOST_REQUIRE(!outcome);
    p.ours->interrupt();
    BOOST_TEST(*outcome == interrupted);
}

BOOST_AUTO_TEST_CASE(an_interruption_with_nobody_waiting_ends_the_next_wait_only) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->interrupt();
        const auto first = co_await p.ours->receive();
        BOOST_TEST(first == interrupted);
        p.theirs.send("x");
        const auto second = co_await p.ours->receive();
        BOOST_TEST(second == arrived);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_wait_expires_and_the_next_deadline_lets_it_go_on) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->expire_at(std::chrono::steady_clock::now());
        const auto first = co_await p.ours->receive();
        BOOST_TEST(first == expired);
        const auto second = co_await p.ours->receive();
        BOOST_TEST(second == expired);
        const auto is_sent = co_await p.ours->send("too late");
        BOOST_TEST(!is_sent);
        p.ours->never_expire();
        p.theirs.send("x");
        const auto third = co_await p.ours->receive();
        BOOST_TEST(third == arrived);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_wait_does_not_expire_before_its_deadline) {
    pair p(home);
    auto body = [&]() -> task<void> {
        const auto deadline = std::chrono::steady_clock::now() + 30ms;
        p.ours->expire_at(deadline);
        const auto outcome = co_await p.ours->receive();
        BOOST_TEST(outcome == expired);
        BOOST_TEST((std::chrono::steady_clock::now() >= deadline));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(closing_fails_the_wait_of_another) {
    pair p(home);
    std::optional<receive_outcome> outcome;
    spawn(note_outcome(*p.ours, outcome));
    p.ours->close();
    BOOST_TEST(*outcome == failed);
    BOOST_TEST(p.theirs.how_it_ended() == 0);
}

BOOST_AUTO_TEST_CASE(a_connection_closed_by_its_owner_fails_waits_and_sends) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.ours->close();
        const auto outcome = co_await p.ours->receive();
        BOOST_TEST(outcome == failed);
        const auto is_sent = co_await p.ours->send("x");
        BOOST_TEST(!is_sent);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(the_one_who_waits_may_destroy_the_connection_when_it_is_closed) {
    pair p(home);
    bool is_done = false;
    auto body = [&]() -> task<void> {
        const auto outcome = co_await p.ours->receive();
        BOOST_TEST(outcome == failed);
        p.ours.reset();
        is_done = true;
    };
    spawn(body());
    p.ours->close();
    BOOST_TEST(is_done);
}

BOOST_AUTO_TEST_CASE(destroying_it_resumes_nobody) {
    pair p(home);
    bool is_resumed = false;
    auto wait = [&]() -> owned_coroutine {
        co_await p.ours->receive();
        is_resumed = true;
    };
    auto body = [&]() -> task<void> {
        auto waiting = wait();
        p.ours.reset();
        p.theirs.send("x");
        co_await home.sleep_until(std::chrono::steady_clock::now() + 5ms);
    };
    run(body());
    BOOST_TEST(!is_resumed);
}

BOOST_AUTO_TEST_CASE(a_waiter_that_is_destroyed_is_forgotten) {
    pair p(home);
    bool is_resumed = false;
    auto wait = [&]() -> owned_coroutine {
        co_await p.ours->receive();
        is_resumed = true;
    };
    {
        auto waiting = wait();
    }
    auto body = [&]() -> task<void> {
        p.theirs.send("x");
        const auto outcome = co_await p.ours->receive();
        BOOST_TEST(outcome == arrived);
    };
    run(body());
    BOOST_TEST(!is_resumed);
}

BOOST_AUTO_TEST_CASE(a_reset_reaches_the_peer_as_a_reset) {
    pair p(home);
    p.ours->reset();
    BOOST_TEST(p.theirs.how_it_ended() == ECONNRESET);
}

BOOST_AUTO_TEST_CASE(bytes_that_only_the_kernel_has_are_waiting_and_an_end_is_none) {
    pair p(home);
    BOOST_TEST(!p.ours->has_waiting_bytes());
    p.theirs.send("x"); // and no handler runs
    BOOST_TEST(p.ours->has_waiting_bytes());
    auto body = [&]() -> task<void> {
        co_await p.ours->receive();
        BOOST_TEST(p.ours->has_waiting_bytes());
        p.ours->consume(1);
        p.theirs.close();
        BOOST_TEST(!p.ours->has_waiting_bytes());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_peer_that_ended_its_side_is_gone_though_only_the_kernel_knows) {
    for (const std::string_view before : {"", "x"}) { // and behind a byte that nobody has read
        pair p(home);
        BOOST_TEST(!p.ours->is_peer_gone());
        p.theirs.send(before);
        BOOST_TEST(!p.ours->is_peer_gone());
        p.theirs.end(); // and no handler runs
        BOOST_TEST(p.ours->is_peer_gone());
    }
}

BOOST_AUTO_TEST_CASE(a_peer_is_gone_when_it_reset_and_when_it_was_closed_here) {
    pair reset(home);
    reset.theirs.reset();
    BOOST_TEST(reset.ours->is_peer_gone());
    pair closed(home);
    closed.ours->close();
    BOOST_TEST(closed.ours->is_peer_gone());
}

BOOST_AUTO_TEST_CASE(a_connection_is_quiet_until_something_comes) {
    pair p(home);
    BOOST_TEST(p.ours->is_quiet());
    BOOST_TEST(p.ours->peer_address() == "127.0.0.1");
    auto body = [&]() -> task<void> {
        p.theirs.send("x");
        co_await p.ours->receive();
        BOOST_TEST(!p.ours->is_quiet());
        p.ours->consume(1);
        BOOST_TEST(p.ours->is_quiet());
        p.theirs.close();
        co_await p.ours->receive();
        BOOST_TEST(!p.ours->is_quiet());
    };
    run(body());
}

BOOST_AUTO_TEST_SUITE_END()
