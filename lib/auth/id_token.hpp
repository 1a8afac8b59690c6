#pragma once

#include "auth/identity.hpp"
#include "core/clock.hpp"
#include "core/failure.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace byot::auth {

/// Clocks of issuer and verifier may differ by so much: iat, auth_time and nbf may be so far ahead of `now`,
/// that moment included. exp is not given any: a token ends when it says.
constexpr std::chrono::seconds allowed_skew{60};
/// A larger token is refused before any work is done on it, in bytes.
constexpr std::size_t largest_token = std::size_t{16} * 1024;

/// The issuer of a project's ID tokens: "https://securetoken.google.com/PROJECT".
std::string issuer_of(std::string_view project);

/// A token all of which is checked but its signature. Views are into the token given.
struct unverified_token {
    std::string key_id;           ///< header `kid`
    identity who;                 ///< true only once the signature is
    std::string_view signed_part; ///< header and payload with their dot
    std::string_view signature;   ///< base64url: nothing secret of it is copied
};

/// Takes a token apart and checks everything but its signature, in the order of Google's documentation
/// (https://firebase.google.com/docs/auth/admin/verify-id-tokens):
///
///     form       at most `largest_token` bytes, three base64url segments, strict JSON objects, no name twice
///     header     alg exactly RS256, kid 1 to 128 visible ASCII characters, no crit, typ JWT if any, no cty
///     claims     aud, iss, sub as `is_acceptable_uid`, firebase.tenant as `is_acceptable_tenant` if any,
///                exp, iat, auth_time, and nbf and jti if any
///     signature  long enough to be one
///
/// Failures: `token_expired`, else `token_invalid` with a sentence that helps a developer (custom token,
/// session cookie, wrong project …).
result<unverified_token> check_claims(std::string_view token, std::string_view project, wall_time now);

/// The same for a token of the Firebase Auth emulator, which is unsigned: alg "none" and an empty signature.
/// Anyone can make one. Failures: `token_expired`, else `token_invalid`.
result<identity> check_unsigned_token(std::string_view token, std::string_view project, wall_time now);

} // namespace byot::auth
