#include "core/task.hpp"

#include "core/async_event.hpp"
#include "core/task_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <stdexcept>
#include <string>

using byot::spawn;
using byot::task;
using namespace byot::testing;

BOOST_AUTO_TEST_SUITE(task_exceptions)

namespace {

task<int> fail_at_once() {
    throw std::runtime_error("at once");
    co_return 0;
}

task<void> fail_after(byot::async_event& event) {
    co_await event.wait();
    throw std::runtime_error("later");
}

task<void> pass_through(byot::async_event& event, std::string& trace) {
    struct note {
        std::string& trace;
        ~note() { trace += "unwound "; }
    } const noted{trace};
    co_await fail_after(event);
    trace += "not reached ";
}

task<void> catch_it(byot::async_event& event, std::string& trace) {
    try {
        co_await pass_through(event, trace);
    } catch (const std::runtime_error& error) {
        trace += error.what();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(an_exception_of_a_child_that_does_not_suspend_reaches_the_one_who_awaits) {
    struct local {
        static task<void> run(std::string& trace) {
            try {
                co_await fail_at_once();
            } catch (const std::runtime_error& error) {
                trace = error.what();
            }
        }
    };
    std::string trace;
    spawn(local::run(trace));
    BOOST_TEST(trace == "at once");
}

BOOST_AUTO_TEST_CASE(an_exception_after_a_suspension_unwinds_each_layer_once) {
    byot::async_event event;
    std::string trace;
    spawn(catch_it(event, trace));
    BOOST_TEST(trace.empty());
    event.notify();
    BOOST_TEST(trace == "unwound later");
}

BOOST_AUTO_TEST_CASE(a_loop_goes_on_after_children_that_failed) {
    struct local {
        static task<int> count_failures(byot::async_event& event) {
            int failures = 0;
            for (int i = 0; i < 1000; ++i) {
                try {
                    co_await fail_after(event);
                } catch (const std::runtime_error&) {
                    ++failures;
                }
            }
            co_return failures;
        }
    };
    byot::async_event event;
    std::optional<int> answer;
    spawn(store(local::count_failures(event), answer));
    notify_while_awaited(event);
    BOOST_TEST((answer == 1000));
}

BOOST_AUTO_TEST_CASE(an_exception_while_the_value_is_returned_reaches_the_one_who_awaits) {
    struct unmovable {
        unmovable() = default;
        unmovable(unmovable&&) { throw std::runtime_error("moved"); }
    };
    struct local {
        static task<unmovable> make() { co_return unmovable(); }
        static task<void> run(bool& is_caught) {
            try {
                co_await make();
            } catch (const std::runtime_error&) {
                is_caught = true;
            }
        }
    };
    bool is_caught = false;
    spawn(local::run(is_caught));
    BOOST_TEST(is_caught);
}

BOOST_AUTO_TEST_SUITE_END()
