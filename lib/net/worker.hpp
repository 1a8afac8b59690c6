#pragma once

#include "net/reactor.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <optional>

namespace byot::net {

/// A thread for work that blocks (SQLite, files). Jobs run one at a time, in the order they came.
class worker {
public:
    worker();
    /// Finishes the jobs that wait, then ends the thread.
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    void post(std::function<void()> job);

    /// Runs `job()` on the worker's thread while the caller, a coroutine on `here`, waits. What `job` throws
    /// reaches the caller.
    template <class R, class Job>
    task<R> run(reactor& here, Job job) {
        std::optional<R> answer;
        std::exception_ptr error;
        signal done;
        post([&] {
            try {
                answer.emplace(job());
            } catch (...) {
                error = std::current_exception();
            }
            here.post([&done] { done.notify(); });
        });
        co_await done.wait();
        if (error) std::rethrow_exception(error);
        co_return std::move(*answer);
    }

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace byot::net
