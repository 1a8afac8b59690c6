#pragma once

#include "auth/certificates.hpp"
#include "auth/id_token.hpp"
#include "auth/refused_tokens.hpp"
#include "auth/verified_tokens.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace byot::auth {

/// One reactor's memory of tokens whose signature was looked at, and the look itself.
class settled_tokens {
public:
    settled_tokens(net::reactor& home, certificate_source& certificates, std::size_t remembered)
        : home_(home), certificates_(certificates), verified_(remembered) {}

    net::reactor& home() const noexcept { return home_; }

    /// Null when it is not known to be good. Does not allocate. Valid until the next call.
    const identity* find(const token_digest& token) noexcept { return verified_.find(token); }
    /// What was found out about this token before: who it speaks for, `token_expired`, or `token_invalid`.
    std::optional<result<identity>> recall(const token_digest& token, wall_time now);
    void remember(const token_digest& token, identity who) { verified_.remember(token, std::move(who)); }

    /// Verifies the signature, unless that was done while it waited for the certificates. Failures:
    /// `token_invalid`, `identity_unavailable`. What `content` refers to must stay valid until the answer.
    task<result<identity>> settle(token_digest token, unverified_token content, wall_time now);

    /// RSA operations so far.
    std::uint64_t signatures_verified() const noexcept { return signatures_verified_; }

private:
    result<identity> verify(const token_digest& token, unverified_token content, const public_keys& keys,
                            wall_time now);

    net::reactor& home_;
    certificate_source& certificates_;
    verified_tokens verified_;
    refused_tokens refused_;
    std::uint64_t signatures_verified_ = 0;
};

} // namespace byot::auth
