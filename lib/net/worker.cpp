#include "net/worker.hpp"

#include "core/blocked_signals.hpp"

#include <condition_variable>
#include <mutex>

namespace byot::net {

struct worker::state {
    std::mutex lock;
    std::condition_variable changed;
    job* first = nullptr;
    job* last = nullptr;
    bool is_ending = false;
    std::thread thread;

    void add(job& what) noexcept {
        what.next_ = nullptr;
        (last ? last->next_ : first) = &what;
        last = &what;
    }

    job& take() noexcept {
        auto& next = *first;
        first = next.next_;
        if (!first) last = nullptr;
        return next;
    }

    void work() noexcept {
        std::unique_lock held(lock);
        for (;;) {
            changed.wait(held, [this] { return is_ending || first; });
            if (!first) return;
            auto& next = take();
            held.unlock();
            next.run();
            held.lock();
        }
    }
};

worker::worker() : state_(std::make_unique<state>()) {
    state_->thread = thread_without_signals([s = state_.get()] { s->work(); });
}

worker::~worker() {
    {
        const std::lock_guard held(state_->lock);
        state_->is_ending = true;
    }
    state_->changed.notify_one();
    state_->thread.join();
}

void worker::post(job& what) noexcept {
    {
        const std::lock_guard held(state_->lock);
        state_->add(what);
    }
    state_->changed.notify_one();
}

} // namespace byot::net
