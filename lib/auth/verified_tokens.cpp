#include "auth/verified_tokens.hpp"

#include <algorithm>

namespace byot::auth {

verified_tokens::verified_tokens(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

const identity* verified_tokens::find(const token_digest& token) noexcept {
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return &found->second->who;
}

void verified_tokens::remember(const token_digest& token, identity who) {
    if (by_token_.contains(token)) return;
    if (by_use_.size() == capacity_) {
        by_token_.erase(by_use_.back().token);
        by_use_.pop_back();
    }
    by_use_.push_front(entry{token, std::move(who)});
    by_token_.emplace(token, by_use_.begin());
}

} // namespace byot::auth
