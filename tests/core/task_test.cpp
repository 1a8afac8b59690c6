#include "core/signal.hpp"
#include "core/task.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using byot::spawn;
using byot::task;

namespace {

constexpr int many = 100'000;

task<int> at_once(int number) {
    co_return number;
}

task<int> after(byot::signal& event, int number) {
    co_await event.wait();
    co_return number;
}

task<int> sum_of_children(byot::signal* event) {
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
task<int> sum_of_mixed_children(byot::signal& event) {
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

template <class T>
task<void> store(task<T> work, std::optional<T>& answer) {
    answer.emplace(co_await work);
}

void notify_while_awaited(byot::signal& event) {
    while (event.is_awaited()) event.notify();
}

task<int> nested(int depth, byot::signal& event) {
    if (depth == 0) co_return co_await after(event, 7);
    co_return co_await nested(depth - 1, event);
}

/// Where the stack is while a child runs, to see whether it grows.
task<void> note_stack(std::vector<std::uintptr_t>& places) {
    places.push_back(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)));
    co_return;
}

task<void> note_stack_after(byot::signal& event, std::vector<std::uintptr_t>& places) {
    co_await event.wait();
    co_await note_stack(places);
}

task<void> note_stack_often(byot::signal* event, std::vector<std::uintptr_t>& places) {
    for (int i = 0; i < many; ++i) {
        if (event) {
            co_await note_stack_after(*event, places);
        } else {
            co_await note_stack(places);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_values)

BOOST_AUTO_TEST_CASE(a_task_does_not_start_before_it_is_awaited) {
    bool has_run = false;
    const auto run = [](bool& flag) -> task<void> {
        flag = true;
        co_return;
    };
    auto work = run(has_run);
    BOOST_TEST(!has_run);
    spawn(std::move(work));
    BOOST_TEST(has_run);
}

BOOST_AUTO_TEST_CASE(a_task_that_does_not_suspend_gives_its_value_before_spawn_returns) {
    std::optional<int> answer;
    spawn(store(at_once(42), answer));
    BOOST_TEST((answer == 42));
}

BOOST_AUTO_TEST_CASE(a_task_that_suspends_gives_its_value_when_it_is_resumed) {
    byot::signal event;
    std::optional<int> answer;
    spawn(store(after(event, 42), answer));
    BOOST_TEST(!answer.has_value());
    event.notify();
    BOOST_TEST((answer == 42));
}

BOOST_AUTO_TEST_CASE(a_value_that_only_moves_comes_through_every_layer) {
    struct local {
        static task<std::unique_ptr<std::string>> make(byot::signal& event) {
            auto made = std::make_unique<std::string>("moved, never copied");
            co_await event.wait();
            co_return made;
        }
        static task<std::unique_ptr<std::string>> pass_on(byot::signal& event) {
            auto made = co_await make(event);
            made->append("!");
            co_return std::move(made);
        }
    };
    byot::signal event;
    std::optional<std::unique_ptr<std::string>> answer;
    spawn(store(local::pass_on(event), answer));
    event.notify();
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(**answer == "moved, never copied!");
}

BOOST_AUTO_TEST_CASE(a_value_without_a_default_constructor_may_be_returned) {
    struct exact {
        explicit exact(int n) : number(n) {}
        int number;
    };
    struct local {
        static task<exact> make() { co_return exact(3); }
    };
    std::optional<exact> answer;
    spawn(store(local::make(), answer));
    BOOST_TEST(answer->number == 3);
}

BOOST_AUTO_TEST_CASE(a_named_argument_lives_as_long_as_the_task_that_took_it_by_value) {
    struct local {
        static task<std::string> keep(std::string text, byot::signal& event) {
            co_await event.wait();
            co_return text + text;
        }
    };
    byot::signal event;
    std::optional<std::string> answer;
    {
        std::string text(100, 'x');
        spawn(store(local::keep(std::move(text), event), answer));
    }
    event.notify();
    BOOST_TEST((answer == std::string(200, 'x')));
}

BOOST_AUTO_TEST_CASE(a_spawned_task_may_spawn_another_that_ends_after_it) {
    struct local {
        static task<void> later(byot::signal& event, std::string& trace) {
            co_await event.wait();
            trace += "late ";
        }
        static task<void> first(byot::signal& event, std::string& trace) {
            spawn(later(event, trace));
            trace += "first ";
            co_return;
        }
    };
    byot::signal event;
    std::string trace;
    spawn(local::first(event, trace));
    event.notify();
    BOOST_TEST(trace == "first late ");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(task_loops)

BOOST_AUTO_TEST_CASE(a_loop_over_many_children_that_do_not_suspend_ends) {
    std::optional<int> answer;
    spawn(store(sum_of_children(nullptr), answer));
    BOOST_TEST((answer == many));
}

BOOST_AUTO_TEST_CASE(a_loop_over_many_children_that_suspend_ends) {
    byot::signal event;
    std::optional<int> answer;
    spawn(store(sum_of_children(&event), answer));
    notify_while_awaited(event);
    BOOST_TEST((answer == many));
}

BOOST_AUTO_TEST_CASE(a_loop_over_children_of_both_kinds_ends) {
    byot::signal event;
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
    byot::signal event;
    std::vector<std::uintptr_t> places;
    spawn(note_stack_often(&event, places));
    notify_while_awaited(event);
    BOOST_REQUIRE_EQUAL(places.size(), static_cast<std::size_t>(many));
    BOOST_TEST(places.at(1) == places.back());
}

BOOST_AUTO_TEST_CASE(a_value_comes_up_through_a_hundred_tasks) {
    byot::signal event;
    std::optional<int> answer;
    spawn(store(nested(100, event), answer));
    BOOST_TEST(!answer.has_value());
    event.notify();
    BOOST_TEST((answer == 7));
}

BOOST_AUTO_TEST_CASE(two_coroutines_that_wake_each_other_many_times_end) {
    struct local {
        static task<void> play(byot::signal& mine, byot::signal& other, int& turns) {
            for (int i = 0; i < many; ++i) {
                co_await mine.wait();
                ++turns;
                other.notify();
            }
        }
    };
    byot::signal ping;
    byot::signal pong;
    int turns = 0;
    spawn(local::play(ping, pong, turns));
    spawn(local::play(pong, ping, turns));
    ping.notify();
    BOOST_TEST(turns == 2 * many);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(task_exceptions)

namespace {

task<int> fail_at_once() {
    throw std::runtime_error("at once");
    co_return 0;
}

task<void> fail_after(byot::signal& event) {
    co_await event.wait();
    throw std::runtime_error("later");
}

task<void> pass_through(byot::signal& event, std::string& trace) {
    struct note {
        std::string& trace;
        ~note() { trace += "unwound "; }
    } const noted{trace};
    co_await fail_after(event);
    trace += "not reached ";
}

task<void> catch_it(byot::signal& event, std::string& trace) {
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
    byot::signal event;
    std::string trace;
    spawn(catch_it(event, trace));
    BOOST_TEST(trace.empty());
    event.notify();
    BOOST_TEST(trace == "unwound later");
}

BOOST_AUTO_TEST_CASE(a_loop_goes_on_after_children_that_failed) {
    struct local {
        static task<int> count_failures(byot::signal& event) {
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
    byot::signal event;
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
