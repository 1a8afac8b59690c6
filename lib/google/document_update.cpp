#include "google/document_update.hpp"

namespace byot::google {
namespace {

precondition still_as(const found_document& document) {
    precondition needed;
    needed.what = document ? precondition::kind::unchanged_since : precondition::kind::missing;
    if (document) needed.update_time = document->update_time;
    return needed;
}

/// The write, made only while there is no document of the barrier's name.
std::vector<firestore_write> behind(const std::string& barrier, firestore_write write) {
    std::vector<firestore_write> all;
    all.push_back(std::move(write));
    if (barrier.empty()) return all;
    firestore_write check;
    check.name = barrier;
    check.deletes = true;
    check.needs.what = precondition::kind::missing;
    all.push_back(std::move(check));
    return all;
}

struct sight {
    found_document document;
    bool is_barred = false;
};

/// The document, and in the same call the barrier when it may have been in the way.
task<result<sight>> look(firestore_client& client, const document_update& update, bool was_refused,
                         steady_time limit) {
    const bool asks_for_barrier = was_refused && !update.barrier.empty();
    std::vector<std::string> names{update.name};
    if (asks_for_barrier) names.push_back(update.barrier);
    auto found = co_await client.batch_get(std::move(names), limit);
    if (!found) co_return found.error();
    sight seen;
    bool is_told = false;
    for (auto& one : *found) {
        const bool is_there = !one.update_time.empty();
        if (asks_for_barrier && one.name == update.barrier) {
            seen.is_barred = is_there;
            continue;
        }
        is_told = true;
        if (is_there) seen.document = std::move(one);
    }
    if (!is_told) co_return unreadable_answer();
    co_return seen;
}

/// Makes the write while the barrier is not there.
task<result<commit_end>> commit_behind(firestore_client& client, const document_update& update,
                                       firestore_write write, steady_time limit) {
    auto writes = behind(update.barrier, std::move(write));
    co_return co_await client.commit(std::move(writes), limit);
}

} // namespace

task<result<bool>> carry_out(firestore_client& client, document_update& update, steady_time limit) {
    auto last = commit_end::refused;
    bool was_refused = false;
    if (update.guess) {
        const auto guessed = co_await commit_behind(client, update, std::move(*update.guess), limit);
        if (!guessed) co_return guessed.error();
        if (*guessed == commit_end::made) co_return true;
        last = *guessed;
        was_refused = true;
    }
    for (;;) {
        const auto seen = co_await look(client, update, was_refused, limit);
        if (!seen) co_return seen.error();
        const auto& there = seen->document;
        if (auto why = update.refuse(there)) co_return std::move(*why);
        if (last == commit_end::unclear) {
            if (auto known = update.recognise(there)) co_return std::move(*known);
        }
        if (seen->is_barred) co_return false;
        auto wanted = update.decide(there);
        if (!wanted.write) co_return std::move(wanted.answer);
        wanted.write->needs = still_as(there);
        const auto ended = co_await commit_behind(client, update, std::move(*wanted.write), limit);
        if (!ended) co_return ended.error();
        if (*ended == commit_end::made) co_return std::move(wanted.answer);
        last = *ended;
        was_refused = true;
    }
}

} // namespace byot::google
