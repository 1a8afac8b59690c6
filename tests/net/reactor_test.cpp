#include "net/fixture.hpp"
#include "net/worker.hpp"

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

/// A reactor on a thread of its own.
struct running_reactor {
    reactor there;
    std::thread thread;

    explicit running_reactor(unsigned index) : there(index), thread([this] { there.run(); }) {}
    ~running_reactor() {
        there.stop();
        thread.join();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reactors, reactor_fixture)

BOOST_AUTO_TEST_CASE(posts_of_one_thread_run_in_their_order_and_not_at_once) {
    std::string order;
    home.post([&] { order += 'a'; });
    home.post([&] {
        order += 'b';
        home.stop();
    });
    BOOST_TEST(order.empty());
    home.run();
    BOOST_TEST(order == "ab");
}

BOOST_AUTO_TEST_CASE(a_stop_before_a_run_ends_it_and_not_the_next) {
    home.stop();
    home.run();
    bool is_run = false;
    home.post([&] {
        is_run = true;
        home.stop();
    });
    home.run();
    BOOST_TEST(is_run);
}

BOOST_AUTO_TEST_CASE(a_sleeper_wakes_when_it_said_and_not_before) {
    auto body = [&]() -> task<void> {
        const auto when = std::chrono::steady_clock::now() + 20ms;
        co_await home.sleep_until(when);
        BOOST_TEST((std::chrono::steady_clock::now() >= when));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_sleeper_wakes_when_what_it_may_wait_for_ends) {
    auto body = [&]() -> task<void> {
        home.post([this] { home.end_outgoing(); });
        co_await home.sleep_until(steady_time::max());
        BOOST_TEST(home.is_outgoing_ended());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_sleeper_whose_frame_is_destroyed_is_not_woken) {
    bool is_awake = false;
    auto sleeper = [&]() -> owned_coroutine {
        auto sleep = home.sleep_until(std::chrono::steady_clock::now());
        co_await sleep;
        is_awake = true;
    };
    {
        auto asleep = sleeper();
    }
    auto body = [&]() -> task<void> { co_await home.sleep_until(std::chrono::steady_clock::now() + 2ms); };
    run(body());
    BOOST_TEST(!is_awake);
}

BOOST_AUTO_TEST_CASE(a_background_task_asleep_when_its_reactor_ends_is_left_asleep) {
    bool is_awake = false;
    auto there = std::make_unique<reactor>(0);
    auto background = [&]() -> task<void> {
        co_await there->sleep_until(soon());
        is_awake = true;
    };
    spawn(background());
    there.reset();
    BOOST_TEST(!is_awake);
}

BOOST_AUTO_TEST_CASE(the_coarse_clock_is_the_steady_clock_within_a_sweep) {
    const auto before = std::chrono::steady_clock::now() - reactor::sweep_interval;
    const auto coarse = home.coarse_now();
    BOOST_TEST((coarse >= before));
    BOOST_TEST((coarse <= std::chrono::steady_clock::now()));
}

BOOST_AUTO_TEST_CASE(scratch_is_as_large_as_said_and_stays) {
    const auto scratch = home.scratch();
    BOOST_TEST(scratch.size() == 80u * 1024);
    BOOST_TEST((scratch.data() == home.scratch().data()));
}

BOOST_AUTO_TEST_CASE(work_on_another_reactor_answers_each_of_100000_times) {
    running_reactor other(1);
    std::size_t sum = 0;
    std::size_t on_other_thread = 0;
    int running = 20;
    byot::async_event finished;
    auto chain = [&](std::size_t first) -> task<void> {
        for (std::size_t i = first; i < 100'000; i += 20) {
            auto work = [&, i]() -> task<std::size_t> {
                if (std::this_thread::get_id() == other.thread.get_id()) ++on_other_thread;
                co_return i;
            };
            const auto answer = co_await run_on<std::size_t>(other.there, home, work);
            sum += answer;
        }
        if (--running == 0) finished.notify();
    };
    auto body = [&]() -> task<void> {
        for (std::size_t i = 0; i < 20; ++i) spawn(chain(i));
        co_await finished.wait();
    };
    run(body());
    BOOST_TEST(sum == 100'000ull * 99'999 / 2);
    BOOST_TEST(on_other_thread == 100'000);
}

BOOST_AUTO_TEST_CASE(work_on_the_same_reactor_needs_no_post) {
    auto body = [&]() -> task<int> {
        auto work = []() -> task<int> { co_return 7; };
        const auto answer = co_await run_on<int>(home, home, work);
        co_return answer;
    };
    int answer = 0;
    auto outer = [&]() -> task<void> { answer = co_await body(); };
    spawn(outer());
    BOOST_TEST(answer == 7);
}

BOOST_AUTO_TEST_CASE(a_reactor_that_many_threads_post_to_loses_nothing) {
    constexpr int each = 20'000;
    std::vector<std::thread> threads;
    int count = 0;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < each; ++i) {
                home.post([&] {
                    if (++count == 4 * each) home.stop();
                });
            }
        });
    }
    home.run();
    for (auto& thread : threads) thread.join();
    BOOST_TEST(count == 4 * each);
}

BOOST_AUTO_TEST_CASE(a_worker_answers_from_its_own_thread) {
    worker files;
    auto body = [&]() -> task<void> {
        const auto mine = std::this_thread::get_id();
        auto job = [] { return std::this_thread::get_id(); };
        const auto its = co_await files.run<std::thread::id>(home, job);
        BOOST_TEST((its != mine));
        BOOST_TEST((std::this_thread::get_id() == mine));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(what_a_worker_throws_reaches_the_caller) {
    worker files;
    auto body = [&]() -> task<void> {
        auto job = []() -> int { throw std::runtime_error("disk full"); };
        auto running = files.run<int>(home, job);
        std::string message;
        try {
            co_await running;
        } catch (const std::runtime_error& error) {
            message = error.what();
        }
        BOOST_TEST(message == "disk full");
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_worker_does_its_jobs_in_order_and_finishes_them_all) {
    struct writing final : worker::job {
        std::string* to = nullptr;
        char letter = 0;
        void run() noexcept override { *to += letter; }
    };
    std::string done;
    std::array<writing, 26> jobs;
    {
        worker files;
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            jobs[i].to = &done;
            jobs[i].letter = static_cast<char>('a' + i);
            files.post(jobs[i]);
        }
    }
    BOOST_TEST(done == "abcdefghijklmnopqrstuvwxyz");
}

BOOST_AUTO_TEST_SUITE_END()
