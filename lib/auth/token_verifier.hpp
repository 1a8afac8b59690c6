#pragma once

#include "auth/identity.hpp"
#include "core/failure.hpp"
#include "core/task.hpp"

#include <cstdint>
#include <string_view>

namespace byot::auth {

/// Turns a bearer token into an identity, on one reactor. One of the three virtual interfaces: Firebase's
/// certificates (the development issuer's are checked by the same code), or the Auth emulator's unsigned
/// tokens.
class token_verifier {
public:
    virtual ~token_verifier() = default;

    /// Who this token was found to speak for before and still does at `now`: no work but a hash and a
    /// look-up, no allocation, no suspension. Null when it must be verified. Valid until the next call on
    /// this verifier.
    virtual const identity* remembered(std::string_view token, wall_time now) noexcept = 0;

    /// Failures: `token_invalid`, `token_expired`; `identity_unavailable` when the certificates cannot be
    /// had. The token must stay valid until the answer.
    virtual task<result<identity>> verify(std::string_view token, wall_time now) = 0;

    /// How many signatures were looked at on this reactor so far.
    virtual std::uint64_t signatures_verified() const noexcept = 0;
};

} // namespace byot::auth
