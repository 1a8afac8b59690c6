#include "google/call_gate.hpp"

#include "net/fixture.hpp"

#include <string>

using namespace byot;
using namespace byot::google;
using namespace byot::net::testing;

namespace {

struct gate_fixture : reactor_fixture {
    call_gate gate{home, 2, 2};
    std::string log; ///< who got in, in order; in capitals who did not
    std::size_t most_inside = 0;
    byot::async_event progress;
    byot::async_event a, b, c, d, unused; ///< the callers' leaves

    /// Goes through the gate as `name`, staying inside until `leave`.
    task<void> pass(char name, byot::async_event& leave, steady_time limit) {
        co_await stay(name, leave, limit);
        progress.notify();
    }
    task<void> stay(char name, byot::async_event& leave, steady_time limit) {
        const auto place = co_await gate.enter(limit);
        log += place ? name : static_cast<char>(name - 'a' + 'A');
        most_inside = std::max(most_inside, gate.inside());
        progress.notify();
        if (place) co_await leave.wait();
    }
    task<void> until_empty() {
        while (gate.inside() > 0) co_await progress.wait();
    }
    task<void> until_logged(std::size_t count) {
        while (log.size() < count) co_await progress.wait();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(call_gate_suite, gate_fixture)

BOOST_AUTO_TEST_CASE(who_waits_gets_in_in_the_order_of_asking_and_too_many_are_sent_away) {
    const auto body = [](gate_fixture& f) -> task<void> {
        spawn(f.pass('a', f.a, soon()));
        spawn(f.pass('b', f.b, soon()));
        spawn(f.pass('c', f.c, soon()));
        spawn(f.pass('d', f.d, soon()));
        spawn(f.pass('e', f.unused, soon()));
        BOOST_TEST(f.log == "abE");
        f.b.notify();
        co_await f.until_logged(4);
        f.a.notify();
        co_await f.until_logged(5);
        BOOST_TEST(f.log == "abEcd");
        BOOST_TEST(f.most_inside == 2U);
        f.c.notify();
        f.d.notify();
        co_await f.until_empty();
    };
    run(body(*this));
}

BOOST_AUTO_TEST_CASE(who_waits_beyond_its_limit_is_sent_away_and_the_next_keeps_its_turn) {
    const auto body = [](gate_fixture& f) -> task<void> {
        spawn(f.pass('a', f.a, soon()));
        spawn(f.pass('b', f.b, soon()));
        spawn(f.pass('c', f.unused, steady_now() + 150ms));
        spawn(f.pass('d', f.d, soon()));
        co_await f.until_logged(3);
        BOOST_TEST(f.log == "abC");
        f.a.notify();
        co_await f.until_logged(4);
        BOOST_TEST(f.log == "abCd");
        f.b.notify();
        f.d.notify();
        co_await f.until_empty();
    };
    run(body(*this));
}

BOOST_AUTO_TEST_SUITE_END()
