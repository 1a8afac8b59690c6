#include "auth/verifier_peers.hpp"

namespace byot::auth {

void verifier_peers::join(settled_tokens& one) {
    const std::lock_guard lock(mutex_);
    members_.push_back(&one);
}

void verifier_peers::leave(const settled_tokens& one) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase(members_, &one);
}

settled_tokens& verifier_peers::owner_of(const token_digest& token) const {
    const std::lock_guard lock(mutex_);
    return *members_.at(token_digest_hash()(token) % members_.size());
}

} // namespace byot::auth
