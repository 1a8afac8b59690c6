#pragma once

#include "auth/identity.hpp"
#include "core/failure.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

using EVP_PKEY = struct evp_pkey_st;

namespace byot::auth {

/// Clocks of issuer and verifier may differ by so much: iat, auth_time and nbf may be so far ahead of `now`,
/// that moment included. exp is not given any: a token ends when it says.
constexpr std::chrono::seconds allowed_skew{60};
/// A larger token is refused before any work is done on it.
constexpr std::size_t largest_token = 16 * 1024;

/// The issuer of a project's ID tokens: "https://securetoken.google.com/PROJECT".
std::string issuer_of(std::string_view project);

/// The token taken apart and everything but its signature checked, in the order of Google's documentation:
/// form (at most `largest_token` bytes, three base64url segments, strict JSON objects, no name twice), header
/// (alg exactly RS256, kid 1 to 128 visible ASCII characters, no crit, typ JWT if any, cty none), claims
/// (aud, iss, sub as `is_acceptable_uid`, firebase.tenant as `is_acceptable_tenant` if any, exp, iat,
/// auth_time, and nbf and jti if any), a signature long enough to be one.
struct unverified_token {
    std::string key_id;           ///< header `kid`
    identity who;                 ///< true only once the signature is
    std::string_view signed_part; ///< of the token given
    std::string_view signature;   ///< of the token given, base64url: nothing secret of it is copied
};

/// Failures: `token_expired`, else `token_invalid` with a sentence that helps a developer (custom token,
/// session cookie, wrong project …).
result<unverified_token> check_claims(std::string_view token, std::string_view project, wall_time now);

/// The public keys of a set of certificates, by kid. Immutable; reactors share it.
using public_keys = std::map<std::string, std::shared_ptr<EVP_PKEY>, std::less<>>;

/// RS256 (RFC 7518 §3.3): PKCS#1 v1.5 with SHA-256, signature exactly as long as the modulus.
bool is_signed_by(EVP_PKEY& key, std::string_view signed_part, std::string_view signature);

/// Reads Google's answer: an object of kid → PEM certificate, every one RSA of at least 2048 bits. Nothing
/// when any of it is not so.
std::shared_ptr<const public_keys> parse_certificates(std::string_view json);

/// max-age of a Cache-Control field (RFC 9111 §5.2.2.1); zero when there is none or it is malformed.
std::chrono::seconds parse_max_age(std::string_view cache_control) noexcept;

} // namespace byot::auth
