#include "net/reactor_state.hpp"

#include <algorithm>
#include <mutex>

namespace byot::net {
namespace {

// Registered while it sleeps. Its frame may be destroyed meanwhile, so the timer's handler asks the list.
class sleeper {
public:
    sleeper(sleepers& list, boost::asio::io_context& context, steady_time when)
        : list_(list), timer_(context, when) {}
    ~sleeper() { list_.remove(waiter_); }
    sleeper(const sleeper&) = delete;
    sleeper& operator=(const sleeper&) = delete;

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        waiter_ = waiter;
        list_.add(waiter);
        timer_.async_wait([&list = list_, waiter](const boost::system::error_code& error) {
            if (!error && list.remove(waiter)) waiter.resume();
        });
    }
    void await_resume() const noexcept {}

private:
    sleepers& list_;
    boost::asio::steady_timer timer_;
    std::coroutine_handle<> waiter_;
};

} // namespace

void sleepers::add(std::coroutine_handle<> waiter) {
    waiters_.push_back(waiter);
}

bool sleepers::remove(std::coroutine_handle<> waiter) noexcept {
    return std::erase(waiters_, waiter) > 0;
}

// One that wakes may end another, or sleep again.
void sleepers::wake() {
    for (const auto waiter : std::vector(waiters_)) {
        if (remove(waiter)) waiter.resume();
    }
}

// Their frames cannot be destroyed from here, for only the outermost one may be; they stay reachable.
sleepers::~sleepers() {
    if (waiters_.empty()) return;
    static std::mutex lock;
    static auto* const never_woken = new std::vector<std::coroutine_handle<>>;
    const std::lock_guard held(lock);
    never_woken->insert(never_woken->end(), waiters_.begin(), waiters_.end());
}

task<void> reactor::sleep_until(steady_time when) {
    sleeper sleep(state_->asleep, state_->context, when);
    co_await sleep;
}

} // namespace byot::net
