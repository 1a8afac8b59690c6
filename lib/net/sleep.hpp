#pragma once

#include "core/clock.hpp"

#include <coroutine>

namespace byot::net {

class reactor;

/// A place in a ring; its own ring when it is in no other.
template <class Of>
struct ring_link {
    ring_link* next = this;
    ring_link* previous = this;

    ring_link() = default;
    ~ring_link() { leave(); }
    ring_link(const ring_link&) = delete;
    ring_link& operator=(const ring_link&) = delete;

    bool is_alone() const noexcept { return next == this; }
    void join(ring_link& ring) noexcept {
        next = &ring;
        previous = ring.previous;
        previous->next = this;
        ring.previous = this;
    }
    void leave() noexcept {
        previous->next = next;
        next->previous = previous;
        next = previous = this;
    }
    void move_to(ring_link& ring) noexcept {
        leave();
        join(ring);
    }
    Of& self() noexcept { return static_cast<Of&>(*this); }
};

/// What is called at each sweep of a reactor, from `reactor::join_sweep` until it goes.
class swept : public ring_link<swept> {
public:
    virtual void at_sweep() noexcept = 0;

protected:
    ~swept() = default;
};

/// One sleep of a coroutine (`reactor::sleep_until`). It lies in the sleeper's frame and goes with it.
class sleep_awaiter : public ring_link<sleep_awaiter> {
public:
    sleep_awaiter(reactor& home, steady_time when) noexcept : home_(home), when_(when) {}

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> sleeper) noexcept;
    void await_resume() const noexcept {}

    steady_time when() const noexcept { return when_; }
    std::coroutine_handle<> sleeper() const noexcept { return sleeper_; }

private:
    reactor& home_;
    steady_time when_;
    std::coroutine_handle<> sleeper_;
};

} // namespace byot::net
