#pragma once

#include "core/frame_memory.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace byot {

template <class T>
class task;

namespace detail {

struct task_promise_base : frame_memory {
    std::coroutine_handle<> continuation;
    std::exception_ptr error;

    // The continuation is resumed from here and not by symmetric transfer: a child that never suspends
    // returns to its parent like a function, so a loop over such children does not grow the stack,
    // whatever the compiler makes of tail calls.
    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
            if (auto parent = frame.promise().continuation) parent.resume();
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    final_awaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { error = std::current_exception(); }
};

template <class T>
struct task_promise : task_promise_base {
    std::optional<T> value;
    task<T> get_return_object() noexcept;
    template <class U>
    void return_value(U&& result) {
        value.emplace(std::forward<U>(result));
    }
    T take() { return std::move(*value); }
};

template <>
struct task_promise<void> : task_promise_base {
    task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const noexcept {}
};

} // namespace detail

/// A coroutine that starts when it is awaited and runs on its caller's thread; it holds its frame, so
/// dropping an unfinished task destroys what the frame holds. An exception reaches the one who awaits.
/// One task is awaited once, by one coroutine.
template <class T = void>
class [[nodiscard]] task {
public:
    using promise_type = detail::task_promise<T>;
    using frame = std::coroutine_handle<promise_type>;

    explicit task(frame f) noexcept : frame_(f) {}
    task(task&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
    task& operator=(task&& other) noexcept {
        std::swap(frame_, other.frame_);
        return *this;
    }
    ~task() {
        if (frame_) frame_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> parent) {
        frame_.resume();
        if (frame_.done()) return false;
        frame_.promise().continuation = parent;
        return true;
    }
    T await_resume() {
        if (frame_.promise().error) std::rethrow_exception(frame_.promise().error);
        return frame_.promise().take();
    }

private:
    frame frame_;
};

namespace detail {

template <class T>
task<T> task_promise<T>::get_return_object() noexcept {
    return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
}

inline task<void> task_promise<void>::get_return_object() noexcept {
    return task<void>(std::coroutine_handle<task_promise>::from_promise(*this));
}

struct detached_task {
    struct promise_type : frame_memory {
        detached_task get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        // A detached task has nobody to tell: what it may meet, it must handle itself.
        [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
    };
};

inline detached_task run_detached(task<void> work) {
    co_await work;
}

} // namespace detail

/// Runs `work` now until it first suspends, and then on its own until it ends. An exception that leaves it
/// ends the process: it is a bug.
inline void spawn(task<void> work) {
    detail::run_detached(std::move(work));
}

} // namespace byot
