#pragma once

#include "net/reactor.hpp"

#include <exception>
#include <memory>
#include <optional>

namespace byot::net {

/// A thread for work that blocks (SQLite, files). Jobs run one at a time, in the order they came.
class worker {
public:
    /// One piece of work. It lies in its owner's memory until it has run, so that posting it cannot fail.
    class job {
    public:
        job() = default;
        job(const job&) = delete;
        job& operator=(const job&) = delete;
        /// On the worker's thread; the job may be gone once it tells its owner.
        virtual void run() noexcept = 0;

    protected:
        virtual ~job() = default;

    private:
        friend class worker;
        job* next_ = nullptr;
    };

    worker();
    /// Finishes the jobs that wait, then ends the thread.
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    void post(job& what) noexcept;

    /// Runs `work()` on the worker's thread while the caller, a coroutine on `here`, waits. What `work`
    /// throws reaches the caller.
    template <class R, class Work>
    task<R> run(reactor& here, Work work) {
        asked<R, Work> one(here, work);
        post(one);
        co_await one.done.wait();
        if (one.error) std::rethrow_exception(one.error);
        co_return std::move(*one.answer);
    }

private:
    template <class R, class Work>
    struct asked final : job {
        asked(reactor& here_, Work& work_) noexcept : here(here_), work(work_) {}
        void run() noexcept override {
            try {
                answer.emplace(work());
            } catch (...) {
                error = std::current_exception();
            }
            here.post(told);
        }

        reactor& here;
        Work& work;
        std::optional<R> answer;
        std::exception_ptr error;
        async_event done;
        event_message told{done};
    };

    struct state;
    std::unique_ptr<state> state_;
};

} // namespace byot::net
