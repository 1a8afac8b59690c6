#include "net/fixture.hpp"
#include "net/raw_socket.hpp"

#include <fmt/format.h>

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

task<receive_outcome> outcome_of(connection& c) {
    const auto outcome = co_await c.receive();
    co_return outcome;
}

/// Reads until `count` bytes are there.
task<void> receive_until(connection& c, std::size_t count) {
    while (c.received().size() < count) {
        const auto outcome = co_await c.receive();
        BOOST_REQUIRE_EQUAL(outcome, arrived);
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receiving, reactor_fixture)

BOOST_AUTO_TEST_CASE(bytes_of_the_peer_arrive_in_order) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send("one");
        co_await receive_until(*p.ours, 3);
        p.theirs.send("two");
        co_await receive_until(*p.ours, 6);
        BOOST_TEST(p.ours->received() == "onetwo");
        p.ours->consume(4);
        BOOST_TEST(p.ours->received() == "wo");
        BOOST_TEST(p.ours->bytes_received() == 6);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(bytes_that_came_while_nobody_waited_are_told_at_once_and_once) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send("a");
        co_await receive_until(*p.ours, 1);
        p.theirs.send("b");
        const auto later = std::chrono::steady_clock::now() + 5ms;
        while (p.ours->received().size() < 2) co_await home.sleep_until(later);
        auto waiting = p.ours->receive();
        BOOST_TEST(waiting.await_ready());
        BOOST_TEST(waiting.await_resume() == arrived);
        auto again = p.ours->receive();
        BOOST_TEST(!again.await_ready());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(bytes_consumed_unseen_are_not_told_of) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send("a");
        while (p.ours->received().empty()) co_await home.sleep_until(std::chrono::steady_clock::now() + 1ms);
        p.ours->consume(1);
        auto waiting = p.ours->receive();
        BOOST_TEST(!waiting.await_ready());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(an_end_is_told_after_the_bytes_before_it) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send("last");
        p.theirs.end();
        co_await receive_until(*p.ours, 4);
        const auto outcome = co_await outcome_of(*p.ours);
        BOOST_TEST(outcome == ended);
        BOOST_TEST(!p.ours->is_open());
        BOOST_TEST(p.ours->received() == "last");
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_peer_that_ended_its_side_still_gets_an_answer) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.end();
        const auto outcome = co_await outcome_of(*p.ours);
        BOOST_TEST(outcome == ended);
        const auto is_sent = co_await p.ours->send("answer");
        BOOST_TEST(is_sent);
        p.ours->close();
    };
    run(body());
    BOOST_TEST(p.theirs.receive_all() == "answer");
}

BOOST_AUTO_TEST_CASE(a_reset_is_a_failure_and_no_end) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.reset();
        const auto outcome = co_await outcome_of(*p.ours);
        BOOST_TEST(outcome == failed);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_reset_together_with_bytes_is_a_failure_after_them) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send("some");
        p.theirs.reset();
        co_await receive_until(*p.ours, 4);
        const auto outcome = co_await outcome_of(*p.ours);
        BOOST_TEST(outcome == failed);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_reset_that_a_send_met_is_no_end) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.reset();
        while (co_await p.ours->send("x")) {
        }
        const auto outcome = co_await outcome_of(*p.ours);
        BOOST_TEST(outcome == failed);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(views_into_the_front_hold_while_more_arrives) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send("skipped-pinned");
        co_await receive_until(*p.ours, 14);
        p.ours->consume(8);
        const auto pinned = p.ours->received();
        const auto most = p.ours->capacity() - pinned.size();
        for (std::size_t i = 0; i < most; ++i) {
            p.theirs.send("x");
            co_await receive_until(*p.ours, pinned.size() + i + 1);
        }
        BOOST_TEST((p.ours->received().data() == pinned.data()));
        BOOST_TEST(pinned == "pinned");
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_full_buffer_has_room_again_after_the_least_consumption) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send(std::string(p.ours->capacity(), 'a') + "b");
        co_await receive_until(*p.ours, p.ours->capacity());
        p.ours->consume(1);
        co_await receive_until(*p.ours, p.ours->capacity());
        BOOST_TEST(p.ours->received().back() == 'b');
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_peer_cannot_make_it_hold_more_than_its_capacity) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send(std::string(100'000, 'x'));
        co_await receive_until(*p.ours, p.ours->capacity());
        co_await home.sleep_until(std::chrono::steady_clock::now() + 5ms);
        BOOST_TEST(p.ours->received().size() == 2048);
        BOOST_TEST(p.ours->bytes_received() == 2048);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_reserved_buffer_keeps_what_came_and_takes_more) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send(std::string(2048, 'a') + std::string(5000, 'b'));
        co_await receive_until(*p.ours, 2048);
        p.ours->reserve(8000);
        co_await receive_until(*p.ours, 7048);
        BOOST_TEST(p.ours->received() == std::string(2048, 'a') + std::string(5000, 'b'));
        p.ours->consume(7048);
        BOOST_TEST(p.ours->capacity() == 8000);
        p.ours->shrink();
        BOOST_TEST(p.ours->capacity() == 2048);
        p.theirs.send("c");
        co_await receive_until(*p.ours, 1);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(bytes_beyond_a_full_buffer_can_be_taken_without_it) {
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send(std::string(2048, 'a') + std::string(5000, 'b'));
        co_await receive_until(*p.ours, 2048);
        BOOST_TEST(p.ours->take_now(home.scratch()) == 0);
        p.ours->consume(2048);
        BOOST_TEST(p.ours->take_now(home.scratch()) == 5000);
        BOOST_TEST(p.ours->take_now(home.scratch()) == 0);
        p.theirs.send("c");
        co_await receive_until(*p.ours, 1);
        BOOST_TEST(p.ours->bytes_received() == 7049);
    };
    run(body());
}

BOOST_AUTO_TEST_SUITE_END()
