#pragma once

#include "auth/settled_tokens.hpp"

#include <mutex>
#include <vector>

namespace byot::auth {

/// The verifiers of one process, one a reactor: each token's signature is verified by one of them, found by
/// its digest, however many connections bring it. Shared between reactors; verifiers join and leave by
/// themselves.
class verifier_peers {
public:
    void join(settled_tokens& one);
    void leave(const settled_tokens& one) noexcept;

    /// Whose token this is; its reactor must be running, and only that one may touch it.
    settled_tokens& owner_of(const token_digest& token) const;

private:
    mutable std::mutex mutex_;
    std::vector<settled_tokens*> members_;
};

} // namespace byot::auth
