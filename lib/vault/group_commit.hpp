#pragma once

#include "core/failure.hpp"
#include "net/worker.hpp"
#include "vault/sqlite_database.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

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
    struct waiting_job {
        std::function<void(sqlite_database&)> run;     ///< throws sqlite_error
        std::function<void(const sqlite_error*)> done; ///< with the error that undid it, or nothing
    };

    template <class R, class Job>
    task<result<R>> perform(net::reactor& here, Job job, bool writes);

    void submit(waiting_job job, bool writes);
    void run_waiting();
    void run_alone(const waiting_job& job, bool writes);
    bool run_together(const std::vector<waiting_job>& jobs);
    void roll_back() noexcept;

    std::mutex mutex_;
    std::vector<waiting_job> reads_;
    std::vector<waiting_job> writes_;
    std::unique_ptr<sqlite_database> database_;
    net::worker worker_; ///< goes first, when the rest is still there
};

/// `store_unavailable` with SQLite's general sentence for the code, which holds nothing of a user's.
failure store_failure(const sqlite_error& error);

template <class R, class Job>
task<result<R>> group_commit::perform(net::reactor& here, Job job, bool writes) {
    std::optional<result<R>> answer;
    signal done;
    waiting_job waiting;
    waiting.run = [&answer, &job](sqlite_database& database) { answer.emplace(job(database)); };
    waiting.done = [&answer, &done, &here](const sqlite_error* error) {
        if (error) answer.emplace(store_failure(*error));
        here.post([&done] { done.notify(); });
    };
    submit(std::move(waiting), writes);
    co_await done.wait();
    co_return std::move(*answer);
}

} // namespace byot::vault
