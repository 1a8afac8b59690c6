#pragma once

// The steps of `check_claims`, each a pure rule of its own; private to this room.

#include "auth/identity.hpp"
#include "core/failure.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace byot::auth {

/// A token in its parts, none of them checked.
struct token_parts {
    boost::json::object header;
    boost::json::object claims;
    std::string signature;        ///< raw bytes, empty when the third segment is
    std::string_view signed_part; ///< of the token given: header and payload with their dot
};

/// The compact form (RFC 7515 §7.1): at most `largest_token` bytes, three segments of strict base64url, the
/// first two strict JSON objects. Failure: `token_invalid`.
result<token_parts> read_form(std::string_view token);

/// A sentence for the developer when this is another kind of token than an ID token (custom token, session
/// cookie, App Check, Google's own); nothing when it may be one.
std::optional<std::string_view> name_other_kind(const token_parts& token);

/// The header of a signed ID token: alg exactly RS256, kid 1 to 128 visible ASCII characters, typ JWT if any,
/// neither crit nor cty. Parameters unknown here are ignored (RFC 7515 §4), and so are keys and addresses of
/// keys. Gives the kid. Failure: `token_invalid`.
result<std::string> check_header(const boost::json::object& header);

/// The claims aud, iss, sub, firebase.tenant, exp, iat and auth_time, and where they are nbf and
/// jti. Failures: `token_expired` when exp
/// alone is at fault, else `token_invalid`.
result<identity> check_identity(const boost::json::object& claims, std::string_view project, wall_time now);

} // namespace byot::auth
