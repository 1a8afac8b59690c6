#include "core/async_event.hpp"
#include "core/frame_memory.hpp"
#include "core/task.hpp"

#include <boost/test/unit_test.hpp>

#include <coroutine>
#include <memory>
#include <optional>
#include <string>

using byot::spawn;
using byot::task;

namespace {

/// Counts how many of it live.
struct counted {
    explicit counted(int& count) : live(count) { ++live; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { --live; }
    int& live;
};

task<void> hold(int& live, byot::async_event& event) {
    const counted held(live);
    co_await event.wait();
}

task<void> hold_two_layers(int& live, byot::async_event& event) {
    const counted held(live);
    co_await hold(live, event);
}

/// Awaits `work` and can be dropped before it ends, as a member of a connection can.
class owner {
public:
    explicit owner(task<void> work) : run_(run(std::move(work))) {}
    owner(const owner&) = delete;
    owner& operator=(const owner&) = delete;
    ~owner() { run_.destroy(); }
    bool is_done() const { return run_.done(); }

private:
    struct started {
        struct promise_type {
            started get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
            std::suspend_never initial_suspend() const noexcept { return {}; }
            std::suspend_always final_suspend() const noexcept { return {}; }
            void return_void() const noexcept {}
            void unhandled_exception() const noexcept { std::terminate(); }
        };
        std::coroutine_handle<promise_type> frame;
    };
    static started start(task<void> work) { co_await work; }
    static std::coroutine_handle<> run(task<void> work) { return start(std::move(work)).frame; }

    std::coroutine_handle<> run_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(task_lifetime)

BOOST_AUTO_TEST_CASE(a_task_never_awaited_destroys_its_arguments) {
    const auto keep = [](std::shared_ptr<int> kept) -> task<void> {
        ++*kept;
        co_return;
    };
    auto kept = std::make_shared<int>(1);
    {
        const auto unused = keep(kept);
        BOOST_TEST(kept.use_count() == 2);
    }
    BOOST_TEST(kept.use_count() == 1);
    BOOST_TEST(*kept == 1);
}

BOOST_AUTO_TEST_CASE(a_finished_task_frees_its_frame) {
    const auto before = byot::frame_bytes_in_use();
    int live = 0;
    byot::async_event event;
    spawn(hold_two_layers(live, event));
    BOOST_TEST(live == 2);
    BOOST_TEST(byot::frame_bytes_in_use() > before);
    event.notify();
    BOOST_TEST(live == 0);
    BOOST_TEST(byot::frame_bytes_in_use() == before);
}

BOOST_AUTO_TEST_CASE(an_unfinished_task_that_is_dropped_destroys_every_layer_it_awaits) {
    const auto before = byot::frame_bytes_in_use();
    int live = 0;
    byot::async_event event;
    {
        const owner held(hold_two_layers(live, event));
        BOOST_TEST(live == 2);
        BOOST_TEST(event.is_awaited());
    }
    BOOST_TEST(live == 0);
    BOOST_TEST(byot::frame_bytes_in_use() == before);
}

BOOST_AUTO_TEST_CASE(a_signal_forgets_a_waiting_task_that_was_dropped) {
    int live = 0;
    byot::async_event event;
    {
        const owner held(hold(live, event));
    }
    BOOST_TEST(!event.is_awaited());
    event.notify();
    const owner next(hold(live, event));
    BOOST_TEST(next.is_done());
}

BOOST_AUTO_TEST_CASE(a_waiting_task_may_outlive_its_signal) {
    int live = 0;
    std::optional<owner> held;
    {
        byot::async_event event;
        held.emplace(hold(live, event));
        BOOST_TEST(live == 1);
    }
    held.reset();
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE(a_moved_task_is_awaited_where_it_went) {
    int live = 0;
    byot::async_event event;
    auto work = hold(live, event);
    task<void> moved(std::move(work));
    work = hold(live, event);
    work = std::move(moved);
    spawn(std::move(work));
    BOOST_TEST(live == 1);
    event.notify();
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE(a_child_is_destroyed_before_the_statement_after_it_runs) {
    struct local {
        static task<int> count(int& live) {
            const counted held(live);
            co_return live;
        }
        static task<void> run(int& live, int& during, int& after) {
            during = co_await count(live);
            after = live;
        }
    };
    int live = 0;
    int during = 0;
    int after = -1;
    spawn(local::run(live, during, after));
    BOOST_TEST(during == 1);
    BOOST_TEST(after == 0);
}

BOOST_AUTO_TEST_CASE(a_notified_coroutine_may_destroy_the_signal) {
    struct local {
        static task<void> run(std::unique_ptr<byot::async_event>& event, bool& is_through) {
            co_await event->wait();
            event.reset();
            is_through = true;
        }
    };
    auto event = std::make_unique<byot::async_event>();
    bool is_through = false;
    spawn(local::run(event, is_through));
    event->notify();
    BOOST_TEST(is_through);
    BOOST_TEST(!event);
}

BOOST_AUTO_TEST_SUITE_END()
