#pragma once

#include <coroutine>
#include <utility>

namespace byot {

/// Lets one coroutine wait until somebody on the same thread calls `notify`. A notification with nobody
/// waiting is kept for the next wait; several are one. A waiting coroutine may be destroyed, and so may the
/// event it waits for, in either order; it then is not resumed.
class async_event {
public:
    class awaiter;

    async_event() = default;
    async_event(const async_event&) = delete;
    async_event& operator=(const async_event&) = delete;
    inline ~async_event();

    /// Resumes the waiting coroutine before it returns; the event may be gone by then.
    inline void notify();

    bool is_awaited() const noexcept { return waiter_ != nullptr; } ///< whether a coroutine waits

    /// `co_await event.wait()`; at most one coroutine waits at a time.
    inline awaiter wait() noexcept;

private:
    awaiter* waiter_ = nullptr;
    bool notified_ = false;
};

/// One wait. It lives in the frame of the one who waits and goes with it, so it and the event know of
/// each other.
class async_event::awaiter {
public:
    explicit awaiter(async_event& source) noexcept : source_(&source) {}
    awaiter(const awaiter&) = delete;
    awaiter& operator=(const awaiter&) = delete;
    ~awaiter() {
        if (waiting_ && source_) source_->waiter_ = nullptr;
    }

    bool await_ready() const noexcept { return std::exchange(source_->notified_, false); }
    void await_suspend(std::coroutine_handle<> waiting) noexcept {
        waiting_ = waiting;
        source_->waiter_ = this;
    }
    void await_resume() const noexcept {}

private:
    friend class async_event;
    async_event* source_;
    std::coroutine_handle<> waiting_;
};

async_event::~async_event() {
    if (waiter_) waiter_->source_ = nullptr;
}

void async_event::notify() {
    if (auto* const waiter = std::exchange(waiter_, nullptr)) {
        std::exchange(waiter->waiting_, nullptr).resume();
    } else {
        notified_ = true;
    }
}

async_event::awaiter async_event::wait() noexcept {
    return awaiter(*this);
}

} // namespace byot
