#pragma once

#include "auth/certificate_source.hpp"
#include "auth/id_token.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace byot::auth {

/// The whole SHA-256 of a token, under which it is remembered: the token itself is never kept.
using token_digest = std::array<unsigned char, 32>;

/// Does not allocate.
token_digest digest_of(std::string_view token) noexcept;

/// Some bytes of it: a digest is evenly spread as it is.
struct token_digest_hash {
    std::size_t operator()(const token_digest& digest) const noexcept {
        std::size_t value;
        std::memcpy(&value, digest.data(), sizeof value);
        return value;
    }
};

/// One reactor's memory of tokens whose signature was verified, and the verifying itself.
///
/// Good ones are remembered with their identities, at most `capacity` of them; the one used least recently
/// goes first. They stay beyond their exp, so that a token can be told to have expired. Wrong ones are
/// remembered for a minute, so that sending one again and again costs a hash and not an RSA operation; their
/// memory is of fixed size: a token's digest gives its place, and the last one there stays.
class remembered_tokens {
public:
    remembered_tokens(net::reactor& home, certificate_source& certificates, std::size_t capacity);

    net::reactor& home() const noexcept { return home_; }

    /// Null when the token is not known to be good; it may have expired. Does not allocate. Valid until the
    /// next call.
    const identity* find(const token_digest& token) noexcept;
    /// What was found out about this token before: who it speaks for, `token_expired`, or `token_invalid`.
    std::optional<result<identity>> recall(const token_digest& token, wall_time now);
    /// Takes a token as good, as another reactor found.
    void remember(const token_digest& token, identity who);

    /// Verifies the signature, unless that was done while it waited for the certificates. Failures:
    /// `token_invalid`, `identity_unavailable`. What `content` refers to must stay valid until the answer.
    task<result<identity>> settle(token_digest token, unverified_token content, wall_time now);

    /// RSA operations so far.
    std::uint64_t signatures_verified() const noexcept { return signatures_verified_; }

private:
    struct good_token {
        token_digest token;
        identity who;
    };
    struct wrong_token {
        token_digest token{};
        wall_time until;
    };
    using uses = std::list<good_token>; // the last used in front
    using wrong_tokens = std::array<wrong_token, 4096>;

    wrong_token& wrong_place(const token_digest& token) const noexcept;
    result<identity> verify(const token_digest& token, unverified_token content, const public_keys& keys,
                            wall_time now);

    net::reactor& home_;
    certificate_source& certificates_;
    std::size_t capacity_;
    uses by_use_;
    std::unordered_map<token_digest, uses::iterator, token_digest_hash> by_token_;
    std::unique_ptr<wrong_tokens> wrong_ = std::make_unique<wrong_tokens>();
    std::uint64_t signatures_verified_ = 0;
};

} // namespace byot::auth
