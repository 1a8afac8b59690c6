#include "google/firestore_calls.hpp"

#include <algorithm>

namespace byot::google {
namespace {

/// Deletes what must not be there: changes nothing, and has all of its commit depend on that.
bool is_check(const firestore_write& write) noexcept {
    return write.deletes && write.needs.what == precondition::kind::missing;
}

bool is_ended_by_success(const firestore_write& write) noexcept {
    using kind = precondition::kind;
    return (write.needs.what == kind::missing || write.needs.what == kind::unchanged_since) &&
           write.transforms.empty();
}

} // namespace

repeatability nature_of(std::span<const firestore_write> writes) noexcept {
    const auto changes = [](const firestore_write& write) { return !is_check(write); };
    const auto is_repeatable = [](const firestore_write& write) {
        return is_check(write) || is_ended_by_success(write);
    };
    return std::ranges::any_of(writes, changes) && std::ranges::all_of(writes, is_repeatable)
               ? repeatability::conditional
               : repeatability::unconditional;
}

bool is_refusal(attempt_end end) noexcept {
    if (end.what != attempt_end::kind::answered) return false;
    switch (end.status) {
    case rpc_status::failed_precondition:
    case rpc_status::already_exists:
    case rpc_status::not_found:
    case rpc_status::aborted:
        return true;
    default:
        return false;
    }
}

failure failed_call(attempt_end end) {
    std::string message = "Stored keys cannot be reached now: ";
    message.append(name_of(end.status)).append(".");
    return {reason::store_unavailable, std::move(message)};
}

failure unreadable_answer() {
    return {reason::store_unavailable, "Stored keys cannot be read now: the store's answer is malformed."};
}

} // namespace byot::google
