#include "vault/use_times.hpp"

namespace byot::vault {
namespace {

constexpr std::size_t capacity = 4096;

} // namespace

bool use_times::is_due(const key_record& record, wall_time now) {
    if (is_recent(record.last_used_at, now)) return false;
    const auto found = recorded_.find(record.credential_id);
    if (found != recorded_.end() && is_recent(found->second, now)) return false;
    if (recorded_.size() >= capacity) make_room(now);
    recorded_.insert_or_assign(record.credential_id, now);
    return true;
}

// A time in the future is another machine's clock; it counts while it is as near as a past one would.
bool use_times::is_recent(std::optional<wall_time> recorded, wall_time now) const noexcept {
    return recorded && now - *recorded < interval_ && *recorded - now < interval_;
}

void use_times::make_room(wall_time now) {
    std::erase_if(recorded_, [&](const auto& one) { return !is_recent(one.second, now); });
    if (recorded_.size() >= capacity) recorded_.clear();
}

} // namespace byot::vault
