#include "limits/admission.hpp"

#include <cassert>

namespace byot::limits {
namespace {

constexpr std::size_t most_spare = 8; // of a stripe
constexpr std::size_t names_of_a_stripe = admission::capacity / striped<token_buckets>::stripes;

} // namespace

stream_counts::stream_counts(std::size_t most_per_user) : most_(most_per_user) {
    spare_.reserve(most_spare);
}

bool stream_counts::begin(std::string_view uid) {
    if (most_ == 0) return false;
    if (const auto found = counts_.find(uid); found != counts_.end()) {
        if (found->second >= most_) return false;
        ++found->second;
    } else {
        remember(uid);
    }
    return true;
}

void stream_counts::remember(std::string_view uid) {
    if (spare_.empty()) {
        counts_.emplace(uid, 1);
        return;
    }
    auto node = std::move(spare_.back());
    spare_.pop_back();
    node.key() = uid;
    node.mapped() = 1;
    counts_.insert(std::move(node));
}

void stream_counts::end(std::string_view uid) noexcept {
    const auto found = counts_.find(uid);
    assert(found != counts_.end());
    if (found == counts_.end() || --found->second > 0) return;
    auto node = counts_.extract(found);
    if (spare_.size() < most_spare) spare_.push_back(std::move(node));
}

std::size_t stream_counts::users() const noexcept {
    return counts_.size();
}

counted_stream::~counted_stream() {
    if (!owner_) return;
    owner_->streams_now_.fetch_sub(1, std::memory_order_relaxed);
    const auto& name = who_->canonical();
    owner_->streams_.with(name, [&](stream_counts& counts) { counts.end(name); });
}

admission::admission(const admission_settings& settings)
    : settings_(settings), users_(settings.per_user, names_of_a_stripe),
      addresses_(settings.per_address, names_of_a_stripe), streams_(settings.streams_per_user) {}

verdict admission::take_address(std::string_view name, steady_time now) {
    return addresses_.with(name, [&](token_buckets& buckets) { return buckets.take(name, now); });
}

verdict admission::take_user(const user_id& who, steady_time now) {
    const auto& name = who.canonical();
    return users_.with(name, [&](token_buckets& buckets) { return buckets.take(name, now); });
}

counted_stream admission::begin_stream(const user_id& who) {
    const auto& name = who.canonical();
    const bool may_begin = streams_.with(name, [&](stream_counts& counts) { return counts.begin(name); });
    if (!may_begin) return {};
    streams_now_.fetch_add(1, std::memory_order_relaxed);
    return {*this, who};
}

} // namespace byot::limits
