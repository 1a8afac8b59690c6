#include "google/document_update.hpp"

namespace byot::google {
namespace {

using found_document = std::optional<firestore_document>;

precondition still_as(const found_document& document) {
    precondition needed;
    needed.what = document ? precondition::kind::unchanged_since : precondition::kind::missing;
    if (document) needed.update_time = document->update_time;
    return needed;
}

} // namespace

task<result<bool>> carry_out(firestore_client& client, document_update update, steady_time limit) {
    auto last = commit_end::refused;
    if (update.guess) {
        const auto guessed = co_await client.patch(std::move(*update.guess), limit);
        if (!guessed) co_return guessed.error();
        if (*guessed == commit_end::made) co_return true;
        last = *guessed;
    }
    for (;;) {
        const auto there = co_await client.get(update.name, limit);
        if (!there) co_return there.error();
        if (last == commit_end::unclear) {
            if (auto known = update.recognise(*there)) co_return std::move(*known);
        }
        auto wanted = update.decide(*there);
        if (!wanted.write) co_return wanted.answer;
        wanted.write->needs = still_as(*there);
        const auto ended = co_await client.patch(std::move(*wanted.write), limit);
        if (!ended) co_return ended.error();
        if (*ended == commit_end::made) co_return wanted.answer;
        last = *ended;
    }
}

} // namespace byot::google
