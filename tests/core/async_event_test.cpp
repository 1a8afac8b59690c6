#include "core/async_event.hpp"

#include "core/task.hpp"

#include <boost/test/unit_test.hpp>

using byot::spawn;
using byot::task;

namespace {

task<void> count_wakes(byot::async_event& event, int& wakes, int times) {
    for (int i = 0; i < times; ++i) {
        co_await event.wait();
        ++wakes;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(signals)

BOOST_AUTO_TEST_CASE(a_waiting_coroutine_is_resumed_before_notify_returns) {
    byot::async_event event;
    int wakes = 0;
    spawn(count_wakes(event, wakes, 1));
    BOOST_TEST(wakes == 0);
    BOOST_TEST(event.is_awaited());
    event.notify();
    BOOST_TEST(wakes == 1);
    BOOST_TEST(!event.is_awaited());
}

BOOST_AUTO_TEST_CASE(a_notification_before_the_wait_is_not_lost) {
    byot::async_event event;
    int wakes = 0;
    event.notify();
    spawn(count_wakes(event, wakes, 1));
    BOOST_TEST(wakes == 1);
}

BOOST_AUTO_TEST_CASE(several_notifications_before_the_wait_are_one) {
    byot::async_event event;
    int wakes = 0;
    event.notify();
    event.notify();
    event.notify();
    spawn(count_wakes(event, wakes, 2));
    BOOST_TEST(wakes == 1);
    event.notify();
    BOOST_TEST(wakes == 2);
}

BOOST_AUTO_TEST_CASE(a_notification_that_resumed_somebody_is_used_up) {
    byot::async_event event;
    int wakes = 0;
    spawn(count_wakes(event, wakes, 2));
    event.notify();
    BOOST_TEST(wakes == 1);
    BOOST_TEST(event.is_awaited());
    event.notify();
    BOOST_TEST(wakes == 2);
}

BOOST_AUTO_TEST_CASE(a_coroutine_may_notify_itself_and_wait_again) {
    struct local {
        static task<void> run(byot::async_event& event, int& rounds) {
            for (int i = 0; i < 1000; ++i) {
                event.notify();
                co_await event.wait();
                ++rounds;
            }
        }
    };
    byot::async_event event;
    int rounds = 0;
    spawn(local::run(event, rounds));
    BOOST_TEST(rounds == 1000);
}

BOOST_AUTO_TEST_SUITE_END()
