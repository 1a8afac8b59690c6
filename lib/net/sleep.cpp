#include "net/reactor_state.hpp"

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

namespace byot::net {
namespace {

constexpr auto never = steady_time::max();

} // namespace

void sleepers::add(sleep_awaiter& one) noexcept {
    one.join(ring_);
    if (one.when() < alarm_at_) set_alarm(one.when());
}

// Without memory for it nothing is lost: the sweep wakes them.
void sleepers::set_alarm(steady_time when) noexcept {
    try {
        alarm_at_ = when;
        alarm_.expires_at(when);
        alarm_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            alarm_at_ = never;
            wake(std::chrono::steady_clock::now());
        });
    } catch (const std::bad_alloc&) {
        alarm_at_ = never;
    }
}

// From the beginning after each: who woke may have ended others.
void sleepers::wake(steady_time now) noexcept {
    auto* link = ring_.next;
    while (link != &ring_) {
        auto& one = link->self();
        link = link->next;
        if (one.when() > now) continue;
        one.leave();
        one.sleeper().resume();
        link = ring_.next;
    }
    auto earliest = never;
    for (link = ring_.next; link != &ring_; link = link->next)
        earliest = std::min(earliest, link->self().when());
    if (earliest < alarm_at_) set_alarm(earliest);
}

// From a ring of their own: one that wakes may end another, or sleep again.
void sleepers::wake_all() noexcept {
    ring_link<sleep_awaiter> left;
    while (!ring_.is_alone()) ring_.next->move_to(left);
    while (!left.is_alone()) {
        auto& one = left.next->self();
        one.leave();
        one.sleeper().resume();
    }
}

// Their frames cannot be destroyed from here, for only the outermost one may be; they stay reachable.
sleepers::~sleepers() {
    if (ring_.is_alone()) return;
    static std::mutex lock;
    // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): at the process's end, which that would be too
    static auto* const never_woken = new std::vector<std::coroutine_handle<>>;
    const std::lock_guard held(lock);
    while (!ring_.is_alone()) {
        auto& one = ring_.next->self();
        one.leave();
        never_woken->push_back(one.sleeper());
    }
}

void sleep_awaiter::await_suspend(std::coroutine_handle<> sleeper) noexcept {
    sleeper_ = sleeper;
    home_.state_->asleep.add(*this);
}

sleep_awaiter reactor::sleep_until(steady_time when) noexcept {
    return sleep_awaiter(*this, when);
}

} // namespace byot::net
