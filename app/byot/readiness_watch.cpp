#include "readiness_watch.hpp"

#include <new>
#include <utility>

namespace byot::app {

task<api::readiness> readiness_watch::ask() {
    if (is_looking_) {
        async_event seen;
        waiting_.push_back(&seen);
        co_await seen.wait();
        co_return seen_;
    }
    if (steady_now() < good_until_) co_return seen_;
    is_looking_ = true;
    try {
        seen_ = co_await look_();
        good_until_ = steady_now() + memory;
    } catch (const std::bad_alloc&) {
        seen_ = {}; // nothing is ready without memory
    }
    is_looking_ = false;
    for (auto* const waiter : std::exchange(waiting_, {})) waiter->notify();
    co_return seen_;
}

} // namespace byot::app
