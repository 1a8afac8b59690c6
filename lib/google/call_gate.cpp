#include "google/call_gate.hpp"

#include <algorithm>
#include <new>

namespace byot::google {
namespace {

constexpr std::chrono::milliseconds watch_interval{100};

} // namespace

call_gate::call_gate(net::reactor& home, std::size_t most_inside, std::size_t most_waiting)
    : home_(home), most_inside_(most_inside), most_waiting_(most_waiting) {}

task<call_gate::place> call_gate::enter(steady_time limit) {
    if (inside_ < most_inside_ && waiting_.empty()) {
        ++inside_;
        co_return place(this);
    }
    if (waiting_.size() >= most_waiting_) co_return place(nullptr);
    waiter one;
    one.limit = limit;
    waiting_.push_back(&one);
    try {
        if (!is_watched_) spawn(watch_limits());
    } catch (const std::bad_alloc&) {
        waiting_.remove(&one);
        throw;
    }
    co_await one.called.wait();
    co_return place(one.is_admitted ? this : nullptr);
}

// The place goes to the next who waits without being free in between.
void call_gate::leave() {
    if (waiting_.empty()) {
        --inside_;
        return;
    }
    auto* const next = waiting_.front();
    waiting_.pop_front();
    next->is_admitted = true;
    home_.post(next->told);
}

// One task for all who wait, while somebody does.
task<void> call_gate::watch_limits() {
    is_watched_ = true;
    while (!waiting_.empty()) {
        co_await home_.sleep_until(steady_now() + watch_interval);
        end_late(steady_now());
    }
    is_watched_ = false;
}

// From the beginning after each: who is told may ask again.
void call_gate::end_late(steady_time now) {
    const auto is_late = [now](const waiter* one) { return one->limit <= now; };
    for (;;) {
        const auto found = std::ranges::find_if(waiting_, is_late);
        if (found == waiting_.end()) return;
        auto* const late = *found;
        waiting_.erase(found);
        late->called.notify();
    }
}

} // namespace byot::google
