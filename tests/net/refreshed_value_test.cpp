#include "net/refreshed_value.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(refreshed_value)

using namespace byot;
using namespace std::chrono_literals;

namespace {

const wall_time start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 5h;

} // namespace

BOOST_AUTO_TEST_CASE(the_pause_after_failures_doubles_from_1_to_30_seconds) {
    net::fetch_history history;
    for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}) {
        history.note_failure(start);
        BOOST_TEST(!history.may_attempt(start + pause - 1ms), pause.count());
        BOOST_TEST(history.may_attempt(start + pause), pause.count());
        BOOST_TEST((history.delay(start, start) == pause), pause.count());
    }
    history.failures = 4000000000;
    history.note_failure(start);
    BOOST_TEST((history.retry_at == start + 30s));
    history.note_success(start + 100s, start);
    BOOST_TEST(history.may_attempt(start));
    history.note_failure(start);
    BOOST_TEST(history.may_attempt(start + 1s));
}

BOOST_AUTO_TEST_CASE(a_pause_does_not_outlast_a_clock_that_was_set_back) {
    net::fetch_history history;
    history.note_failure(start);
    BOOST_TEST(!history.may_attempt(start - 29s));
    BOOST_TEST(history.may_attempt(start - 29s - 1ms));
    BOOST_TEST((history.delay(start, start - 1h) == 0s)); // as `may_attempt` says: waiting would not end
}

BOOST_AUTO_TEST_CASE(a_clock_is_set_back_when_it_stands_before_the_last_success_by_more_than_the_tolerance) {
    net::fetch_history history;
    BOOST_TEST(!history.was_set_back(1min, start));
    history.note_success(start + 1h, start);
    BOOST_TEST(!history.was_set_back(1min, start - 1min));
    BOOST_TEST(history.was_set_back(1min, start - 1min - 1ms));
}

BOOST_AUTO_TEST_CASE(a_forced_fetch_bars_another_for_its_interval_on_either_side) {
    net::fetch_history history;
    BOOST_TEST(!history.was_forced(10s, start));
    history.forced_at = start;
    BOOST_TEST(history.was_forced(10s, start + 10s - 1ms));
    BOOST_TEST(!history.was_forced(10s, start + 10s));
    BOOST_TEST(history.was_forced(10s, start - 10s + 1ms));
    BOOST_TEST(!history.was_forced(10s, start - 10s));
}

BOOST_AUTO_TEST_CASE(the_next_attempt_comes_when_it_is_due_or_at_once) {
    net::fetch_history history;
    history.note_success(start + 1h, start);
    BOOST_TEST((history.delay(start + 30min, start) == 30min));
    BOOST_TEST((history.delay(start + 30min, start + 31min) == 0ms));
}

BOOST_AUTO_TEST_CASE(the_share_of_chance_is_of_0_to_1) {
    for (int n = 0; n < 1000; ++n) {
        const auto share = net::random_share();
        BOOST_TEST((share >= 0 && share <= 1));
    }
}

BOOST_AUTO_TEST_SUITE_END()
