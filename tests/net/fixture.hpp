#pragma once

#include "net/connection.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

namespace byot::net::testing {

using namespace std::chrono_literals;

/// How long a test waits for what must happen.
constexpr auto patience = 20s;

inline steady_time soon() {
    return std::chrono::steady_clock::now() + patience;
}

/// A reactor that runs on the test's thread.
struct reactor_fixture {
    reactor home{0};

    /// Runs a coroutine of the test to its end, or fails.
    void run(task<void> body) {
        bool is_finished = false;
        boost::asio::steady_timer limit(home.context(), patience);
        limit.async_wait([this](const boost::system::error_code& error) {
            if (!error) home.stop();
        });
        spawn(finish(std::move(body), is_finished));
        home.run();
        BOOST_REQUIRE_MESSAGE(is_finished, "the test's coroutine did not end in time");
    }

private:
    task<void> finish(task<void> body, bool& is_finished) {
        co_await body;
        is_finished = true;
        home.stop();
    }
};

/// A coroutine that runs at once and whose frame goes with this object, wherever it is suspended.
class owned_coroutine {
public:
    struct promise_type {
        owned_coroutine get_return_object() {
            return owned_coroutine(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_always final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
    };

    explicit owned_coroutine(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
    owned_coroutine(owned_coroutine&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
    owned_coroutine& operator=(owned_coroutine&&) = delete;
    ~owned_coroutine() {
        if (frame_) frame_.destroy();
    }

private:
    std::coroutine_handle<promise_type> frame_;
};

} // namespace byot::net::testing
