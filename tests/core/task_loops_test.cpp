#include "core/task.hpp"

#include "core/async_event.hpp"
#include "core/task_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <vector>

using byot::spawn;
using byot::task;
using namespace byot::testing;

namespace {

constexpr int many = 100'000;

task<int> sum_of_children(byot::async_event* event) {
    int sum = 0;
    for (int i = 0; i < many; ++i) {
        if (event) {
            sum += co_await after(*event, 1);
        } else {
            sum += co_await at_once(1);
        }
    }
    co_return sum;
}

/// Every third child suspends; the others do not.
task<int> sum_of_mixed_children(byot::async_event& event) {
    int sum = 0;
    for (int i = 0; i < many; ++i) {
        if (i % 3 == 0) {
            sum += co_await after(event, 1);
        } else {
            sum += co_await at_once(1);
        }
    }
    co_return sum;
}

task<int> nested(int depth, byot::async_event& event) {
    if (depth == 0) co_return co_await after(event, 7);
    co_return co_await nested(depth - 1, event);
}

/// Where the stack is while a child runs, to see whether it grows.
task<void> note_stack(std::vector<std::uintptr_t>& places) {
    places.push_back(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)));
    co_return;
}

task<void> note_stack_after(byot::async_event& event, std::vector<std::uintptr_t>& places) {
    co_await event.wait();
    co_await note_stack(places);
}

task<void> note_stack_often(byot::async_event* event, std::vector<std::uintptr_t>& places) {
    for (int i = 0; i < many; ++i) {
        if (event) {
            co_await note_stack_after(*event, places);
        } else {
            co_await note_stack(places);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_loops)

BOOST_AUTO_TEST_CASE(a_loop_over_many_children_that_do_not_suspend_ends) {
    std::optional<int> answer;
    spawn(store(sum_of_children(nullptr), answer));
    BOOST_TEST((answer == many));
}

BOOST_AUTO_TEST_CASE(a_loop_over_many_children_that_suspend_ends) {
    byot::async_event event;
    std::optional<int> answer;
    spawn(store(sum_of_children(&event), answer));
    notify_while_awaited(event);
    BOOST_TEST((answer == many));
}

BOOST_AUTO_TEST_CASE(a_loop_over_children_of_both_kinds_ends) {
    byot::async_event event;
    std::optional<int> answer;
    spawn(store(sum_of_mixed_children(event), answer));
    notify_while_awaited(event);
    BOOST_TEST((answer == many));
}

BOOST_AUTO_TEST_CASE(the_stack_does_not_grow_with_children_that_do_not_suspend) {
    std::vector<std::uintptr_t> places;
    spawn(note_stack_often(nullptr, places));
    BOOST_REQUIRE_EQUAL(places.size(), static_cast<std::size_t>(many));
    BOOST_TEST(places.front() == places.back());
}

BOOST_AUTO_TEST_CASE(the_stack_does_not_grow_with_children_that_suspend) {
    byot::async_event event;
    std::vector<std::uintptr_t> places;
    spawn(note_stack_often(&event, places));
    notify_while_awaited(event);
    BOOST_REQUIRE_EQUAL(places.size(), static_cast<std::size_t>(many));
    BOOST_TEST(places.at(1) == places.back());
}

BOOST_AUTO_TEST_CASE(a_value_comes_up_through_a_hundred_tasks) {
    byot::async_event event;
    std::optional<int> answer;
    spawn(store(nested(100, event), answer));
    BOOST_TEST(!answer.has_value());
    event.notify();
    BOOST_TEST((answer == 7));
}

BOOST_AUTO_TEST_CASE(two_coroutines_that_wake_each_other_many_times_end) {
    struct local {
        static task<void> play(byot::async_event& mine, byot::async_event& other, int& turns) {
            for (int i = 0; i < many; ++i) {
                co_await mine.wait();
                ++turns;
                other.notify();
            }
        }
    };
    byot::async_event ping;
    byot::async_event pong;
    int turns = 0;
    spawn(local::play(ping, pong, turns));
    spawn(local::play(pong, ping, turns));
    ping.notify();
    BOOST_TEST(turns == 2 * many);
}

BOOST_AUTO_TEST_SUITE_END()
