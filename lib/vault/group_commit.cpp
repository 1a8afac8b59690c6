#include "vault/group_commit.hpp"

#include <sqlite3.h>

#include <utility>

namespace byot::vault {

group_commit::group_commit(std::unique_ptr<sqlite_database> database) : database_(std::move(database)) {}

group_commit::~group_commit() = default;

void group_commit::job_queue::add(waiting_job& one) noexcept {
    (last ? last->next : first) = &one;
    last = &one;
}

void group_commit::submit(waiting_job& job, bool writes) noexcept {
    {
        const std::lock_guard lock(mutex_);
        (writes ? writes_ : reads_).add(job);
        if (std::exchange(is_visit_due_, true)) return;
    }
    worker_.post(visit_);
}

// A job that is done is gone: its successor is looked up before.
void group_commit::run_waiting() noexcept {
    job_queue reads;
    job_queue writes;
    {
        const std::lock_guard lock(mutex_);
        is_visit_due_ = false;
        std::swap(reads, reads_);
        std::swap(writes, writes_);
    }
    for (auto* next = reads.first; next;) run_alone(*std::exchange(next, next->next), false);
    // When one of them fails none is made; each then tries for itself, so that it fails alone.
    if (run_together(writes)) return;
    for (auto* next = writes.first; next;) run_alone(*std::exchange(next, next->next), true);
}

bool group_commit::run_together(const job_queue& jobs) noexcept {
    if (!jobs.first || !jobs.first->next) return !jobs.first;
    try {
        begin();
        for (auto* job = jobs.first; job; job = job->next) job->run(*database_);
        database_->execute("COMMIT");
    } catch (const std::exception&) {
        database_->roll_back();
        return false;
    }
    for (auto* next = jobs.first; next;) {
        auto& job = *std::exchange(next, next->next);
        job.here.post(job.told);
    }
    return true;
}

void group_commit::run_alone(waiting_job& job, bool writes) noexcept {
    try {
        if (writes) begin();
        job.run(*database_);
        if (writes) database_->execute("COMMIT");
    } catch (const std::exception&) {
        job.error = std::current_exception();
        database_->roll_back();
    }
    job.here.post(job.told);
}

// One that could not be rolled back would refuse every other.
void group_commit::begin() {
    database_->roll_back();
    database_->execute("BEGIN IMMEDIATE");
}

failure store_failure(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const sqlite_error& known) {
        std::string message = "Stored keys cannot be reached now: ";
        message += sqlite3_errstr(known.code());
        message += '.';
        return failure(reason::store_unavailable, std::move(message));
    }
}

} // namespace byot::vault
