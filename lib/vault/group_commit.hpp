#pragma once

#include "core/failure.hpp"
#include "net/worker.hpp"
#include "vault/sqlite_database.hpp"

#include <exception>
#include <memory>
#include <mutex>
#include <optional>

namespace byot::vault {

/// Runs jobs on a database, on a thread of its own. The writes that wait are made in one transaction, and
/// each is answered after its COMMIT; reads that wait go first, outside of it.
class group_commit {
public:
    explicit group_commit(std::unique_ptr<sqlite_database> database);
    /// Finishes what waits.
    ~group_commit();

    /// `job(database)` gives the answer; it may be run again when others of its transaction failed. What
    /// SQLite cannot do is the failure `store_unavailable`.
    template <class R, class Job>
    task<result<R>> read(net::reactor& here, Job job) {
        return perform<R>(here, std::move(job), false);
    }
    template <class R, class Job>
    task<result<R>> write(net::reactor& here, Job job) {
        return perform<R>(here, std::move(job), true);
    }

    /// Jobs that wait for another process's lock fail now, and so do all that will. From any thread.
    void stop_waiting() noexcept { database_->stop_waiting(); }

private:
    /// A job, in the frame of the coroutine that waits for it.
    struct waiting_job {
        explicit waiting_job(net::reactor& here_) noexcept : here(here_) {}
        virtual void run(sqlite_database& database) = 0; ///< may throw

        net::reactor& here;
        std::exception_ptr error; ///< what undid it
        async_event done;
        net::event_message told{done};
        waiting_job* next = nullptr;

    protected:
        ~waiting_job() = default;
    };
    template <class R, class Job>
    struct typed_job final : waiting_job {
        typed_job(net::reactor& here_, Job& job_) noexcept : waiting_job(here_), job(job_) {}
        void run(sqlite_database& database) override { answer.emplace(job(database)); }

        Job& job;
        std::optional<R> answer;
    };
    /// In the order they came.
    struct job_queue {
        waiting_job* first = nullptr;
        waiting_job* last = nullptr;
        void add(waiting_job& one) noexcept;
    };
    /// One visit of the worker serves all who wait by then.
    struct visit final : net::worker::job {
        explicit visit(group_commit& of_) noexcept : of(of_) {}
        void run() noexcept override { of.run_waiting(); }
        group_commit& of;
    };

    template <class R, class Job>
    task<result<R>> perform(net::reactor& here, Job job, bool writes);

    void submit(waiting_job& job, bool writes) noexcept;
    void run_waiting() noexcept;
    void run_alone(waiting_job& job, bool writes) noexcept;
    bool run_together(const job_queue& jobs) noexcept;
    void begin();

    std::mutex mutex_;
    job_queue reads_;
    job_queue writes_;
    bool is_visit_due_ = false;
    visit visit_{*this};
    std::unique_ptr<sqlite_database> database_;
    net::worker worker_; ///< goes first, when the rest is still there
};

/// `store_unavailable` with SQLite's general sentence for the code, which holds nothing of a user's; what is
/// no `sqlite_error` is thrown on.
failure store_failure(const std::exception_ptr& error);

template <class R, class Job>
task<result<R>> group_commit::perform(net::reactor& here, Job job, bool writes) {
    typed_job<R, Job> waiting(here, job);
    submit(waiting, writes);
    co_await waiting.done.wait();
    if (waiting.error) co_return store_failure(waiting.error);
    co_return std::move(*waiting.answer);
}

} // namespace byot::vault
