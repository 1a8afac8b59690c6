#include "core/task.hpp"

#include "core/async_event.hpp"
#include "core/task_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>

using byot::spawn;
using byot::task;
using namespace byot::testing;

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
    byot::async_event event;
    std::optional<int> answer;
    spawn(store(after(event, 42), answer));
    BOOST_TEST(!answer.has_value());
    event.notify();
    BOOST_TEST((answer == 42));
}

BOOST_AUTO_TEST_CASE(a_value_that_only_moves_comes_through_every_layer) {
    struct local {
        static task<std::unique_ptr<std::string>> make(byot::async_event& event) {
            auto made = std::make_unique<std::string>("moved, never copied");
            co_await event.wait();
            co_return made;
        }
        static task<std::unique_ptr<std::string>> pass_on(byot::async_event& event) {
            auto made = co_await make(event);
            made->append("!");
            co_return std::move(made);
        }
    };
    byot::async_event event;
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
        static task<std::string> keep(std::string text, byot::async_event& event) {
            co_await event.wait();
            co_return text + text;
        }
    };
    byot::async_event event;
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
        static task<void> later(byot::async_event& event, std::string& trace) {
            co_await event.wait();
            trace += "late ";
        }
        static task<void> first(byot::async_event& event, std::string& trace) {
            spawn(later(event, trace));
            trace += "first ";
            co_return;
        }
    };
    byot::async_event event;
    std::string trace;
    spawn(local::first(event, trace));
    event.notify();
    BOOST_TEST(trace == "first late ");
}

BOOST_AUTO_TEST_SUITE_END()
