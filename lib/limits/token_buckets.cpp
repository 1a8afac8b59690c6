#include "limits/token_buckets.hpp"

#include <algorithm>
#include <utility>

namespace byot::limits {
namespace {

using std::chrono::nanoseconds;

/// How long one token takes to come.
nanoseconds time_per_token(const rate& each) {
    return std::max(nanoseconds(each.period) / std::max(each.count, 1u), nanoseconds(1));
}

} // namespace

token_buckets::token_buckets(std::optional<rate> each, std::size_t capacity)
    : each_(each), capacity_(std::max<std::size_t>(capacity, 1)) {}

// A bucket is kept as the moment it will be full: whole nanoseconds, so that a token is there exactly when it
// should be, however often the bucket was asked.
verdict token_buckets::take(std::string_view name, steady_time now) {
    if (!each_) return {};
    const auto per_token = time_per_token(*each_);
    const auto size = per_token * each_->count;
    const auto found = find(name, now);
    const auto full_at = std::max(found->full_at, now) + per_token;
    const auto missing = full_at - now;

    verdict answer{.limit = *each_};
    answer.is_allowed = missing <= size;
    if (!answer.is_allowed) {
        answer.next_in = std::chrono::ceil<std::chrono::seconds>(missing - size);
        return answer;
    }
    found->full_at = full_at;
    const auto left = size - missing;
    answer.remaining = static_cast<std::uint32_t>(left / per_token);
    answer.next_in = std::chrono::ceil<std::chrono::seconds>(per_token - left % per_token);
    return answer;
}

std::size_t token_buckets::size() const noexcept {
    return by_name_.size();
}

token_buckets::place token_buckets::find(std::string_view name, steady_time now) {
    if (const auto known = by_name_.find(name); known != by_name_.end()) {
        by_use_.splice(by_use_.begin(), by_use_, known->second);
        return known->second;
    }
    const auto made = make_room();
    try {
        made->name = name;
        made->full_at = now;
        by_name_.emplace(made->name, made);
    } catch (
        const std::bad_alloc&) { // a bucket that no name leads to would take another's away when it leaves
        by_use_.pop_front();
        throw;
    }
    return made;
}

/// A bucket at the front that no name leads to.
token_buckets::place token_buckets::make_room() {
    if (by_use_.size() < capacity_) {
        by_use_.emplace_front();
    } else {
        by_name_.erase(by_use_.back().name);
        by_use_.splice(by_use_.begin(), by_use_, std::prev(by_use_.end()));
    }
    return by_use_.begin();
}

} // namespace byot::limits
