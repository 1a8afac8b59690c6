#include "net/worker.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace byot::net {

struct worker::state {
    std::mutex lock;
    std::condition_variable changed;
    std::deque<std::function<void()>> jobs;
    bool is_ending = false;
    std::thread thread;

    void work() {
        std::unique_lock held(lock);
        for (;;) {
            changed.wait(held, [this] { return is_ending || !jobs.empty(); });
            if (jobs.empty()) return;
            {
                const auto job = std::move(jobs.front());
                jobs.pop_front();
                held.unlock();
                job();
            }
            held.lock();
        }
    }
};

worker::worker() : state_(std::make_unique<state>()) {
    state_->thread = std::thread([s = state_.get()] { s->work(); });
}

worker::~worker() {
    {
        const std::lock_guard held(state_->lock);
        state_->is_ending = true;
    }
    state_->changed.notify_one();
    state_->thread.join();
}

void worker::post(std::function<void()> job) {
    {
        const std::lock_guard held(state_->lock);
        state_->jobs.push_back(std::move(job));
    }
    state_->changed.notify_one();
}

} // namespace byot::net
