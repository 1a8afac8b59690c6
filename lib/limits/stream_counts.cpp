#include "limits/stream_counts.hpp"

#include <cassert>
#include <utility>

namespace byot::limits {
namespace {

constexpr std::size_t most_spare = 64;

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

} // namespace byot::limits
