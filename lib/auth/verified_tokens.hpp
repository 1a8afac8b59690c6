#pragma once

#include "auth/identity.hpp"
#include "auth/token_digest.hpp"

#include <cstddef>
#include <list>
#include <unordered_map>

namespace byot::auth {

/// The identities of tokens whose signature was verified, at most `capacity` of them; the one used least
/// recently goes first. An entry outlives its token's exp, so that the token can be told to have expired.
class verified_tokens {
public:
    explicit verified_tokens(std::size_t capacity);

    /// Null when it is not remembered. Does not allocate. Valid until the next `remember`.
    const identity* find(const token_digest& token) noexcept;
    void remember(const token_digest& token, identity who);

private:
    struct entry {
        token_digest token;
        identity who;
    };
    using uses = std::list<entry>; // the last used in front

    std::size_t capacity_;
    uses by_use_;
    std::unordered_map<token_digest, uses::iterator, token_digest_hash> by_token_;
};

} // namespace byot::auth
