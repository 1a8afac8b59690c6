#include "readiness_watch.hpp"

#include <utility>

namespace byot::app {

task<api::readiness> readiness_watch::ask() {
    if (is_looking_) {
        signal seen;
        waiting_.push_back(&seen);
        co_await seen.wait();
        co_return seen_;
    }
    if (steady_now() < good_until_) co_return seen_;
    is_looking_ = true;
    seen_ = co_await look_();
    good_until_ = steady_now() + memory;
    is_looking_ = false;
    for (auto* const waiter : std::exchange(waiting_, {})) waiter->notify();
    co_return seen_;
}

} // namespace byot::app
