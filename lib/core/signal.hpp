#pragma once

#include <coroutine>
#include <utility>

namespace byot {

/// Lets one coroutine wait until somebody on the same thread calls `notify`. A notification with nobody
/// waiting is kept for the next wait; several are one.
class signal {
public:
    signal() = default;
    signal(const signal&) = delete;
    signal& operator=(const signal&) = delete;

    /// Resumes the waiting coroutine before it returns; the signal may be gone by then.
    void notify() {
        if (auto waiter = std::exchange(waiter_, {})) {
            waiter.resume();
        } else {
            notified_ = true;
        }
    }

    bool is_awaited() const noexcept { return static_cast<bool>(waiter_); }

    /// `co_await event.wait()`; at most one coroutine waits at a time.
    auto wait() noexcept {
        struct awaiter {
            signal& self;
            bool await_ready() const noexcept { return std::exchange(self.notified_, false); }
            void await_suspend(std::coroutine_handle<> waiter) const noexcept { self.waiter_ = waiter; }
            void await_resume() const noexcept {}
        };
        return awaiter{*this};
    }

private:
    std::coroutine_handle<> waiter_;
    bool notified_ = false;
};

} // namespace byot
