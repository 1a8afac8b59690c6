#include "vault/group_commit.hpp"

#include <sqlite3.h>

namespace byot::vault {

group_commit::group_commit(std::unique_ptr<sqlite_database> database) : database_(std::move(database)) {}

group_commit::~group_commit() = default;

// One visit of the worker serves all who wait by then; the visits of the others find nothing left to do.
void group_commit::submit(waiting_job job, bool writes) {
    {
        const std::lock_guard lock(mutex_);
        (writes ? writes_ : reads_).push_back(std::move(job));
    }
    worker_.post([this] { run_waiting(); });
}

void group_commit::run_waiting() {
    std::vector<waiting_job> reads;
    std::vector<waiting_job> writes;
    {
        const std::lock_guard lock(mutex_);
        reads.swap(reads_);
        writes.swap(writes_);
    }
    for (const auto& job : reads) run_alone(job, false);
    // When one of them fails none is made; each then tries for itself, so that it fails alone.
    if (run_together(writes)) return;
    for (const auto& job : writes) run_alone(job, true);
}

bool group_commit::run_together(const std::vector<waiting_job>& jobs) {
    if (jobs.size() < 2) return jobs.empty();
    try {
        database_->execute("BEGIN IMMEDIATE");
        for (const auto& job : jobs) job.run(*database_);
        database_->execute("COMMIT");
    } catch (const sqlite_error&) {
        roll_back();
        return false;
    }
    for (const auto& job : jobs) job.done(nullptr);
    return true;
}

void group_commit::run_alone(const waiting_job& job, bool writes) {
    try {
        if (writes) database_->execute("BEGIN IMMEDIATE");
        job.run(*database_);
        if (writes) database_->execute("COMMIT");
    } catch (const sqlite_error& error) {
        roll_back();
        job.done(&error);
        return;
    }
    job.done(nullptr);
}

// Some errors have ended the transaction already.
void group_commit::roll_back() noexcept {
    if (!database_->is_in_transaction()) return;
    try {
        database_->execute("ROLLBACK");
    } catch (const sqlite_error&) {
        // The next BEGIN fails then, and so does everything until the file can be used again.
    }
}

failure store_failure(const sqlite_error& error) {
    std::string message = "Stored keys cannot be reached now: ";
    message += sqlite3_errstr(error.code());
    message += '.';
    return failure(reason::store_unavailable, std::move(message));
}

} // namespace byot::vault
