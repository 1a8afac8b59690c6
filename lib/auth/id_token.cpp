#include "auth/id_token.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace byot::auth {
namespace {

/// A token in its parts, none of them checked.
struct token_parts {
    boost::json::object header;
    boost::json::object claims;
    std::string signature;        ///< raw bytes, empty when the third segment is
    std::string_view signed_part; ///< of the token given: header and payload with their dot
};

failure refuse(const char* sentence) {
    return {reason::token_invalid, sentence};
}

// The compact form.

struct segments {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_part;
};

std::optional<segments> split(std::string_view token) noexcept {
    const auto first = token.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = token.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const segments parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                         token.substr(second + 1), token.substr(0, second)};
    if (parts.signature.find('.') != std::string_view::npos) return std::nullopt;
    return parts;
}

std::optional<boost::json::object> read_object(std::string_view segment) {
    const auto text = base64url_decode(segment);
    return text ? parse_json_object(*text) : std::nullopt;
}

/// The compact form (RFC 7515 §7.1): at most `largest_token` bytes, three segments of strict base64url, the
/// first two strict JSON objects. Failure: `token_invalid`.
result<token_parts> read_form(std::string_view token) {
    if (token.size() > largest_token) return refuse("The token is larger than 16 KiB.");
    const auto parts = split(token);
    if (!parts) {
        return refuse("A Firebase ID token has three parts joined by dots; send what "
                      "getIdToken() gives, whole and unchanged.");
    }
    auto header = read_object(parts->header);
    if (!header) {
        return refuse("The token's header is not base64url of a JSON object.");
    }
    auto claims = read_object(parts->payload);
    if (!claims) {
        return refuse("The token's payload is not base64url of a JSON object.");
    }
    auto signature = base64url_decode(parts->signature);
    if (!signature) return refuse("The token's signature is not base64url.");
    return token_parts{std::move(*header), std::move(*claims), std::move(*signature), parts->signed_part};
}

// Tokens of another kind.

constexpr std::string_view custom_token_audience =
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";

struct foreign_issuer {
    std::string_view prefix;
    const char* sentence;
};

constexpr std::array foreign_issuers{
    foreign_issuer{"https://session.firebase.google.com/",
                   "This is a Firebase session cookie; send the ID token that getIdToken() gives."},
    foreign_issuer{"https://firebaseappcheck.googleapis.com/",
                   "This is an App Check token; send the signed-in user's ID token from getIdToken()."},
    foreign_issuer{"https://accounts.google.com",
                   "This is a Google identity token; sign in to Firebase with it and send getIdToken()'s."},
    foreign_issuer{"accounts.google.com",
                   "This is a Google identity token; sign in to Firebase with it and send getIdToken()'s."},
};

constexpr const char* custom_token_sentence =
    "This is a Firebase custom token; exchange it with signInWithCustomToken() and send getIdToken()'s.";

/// Custom tokens of Firebase before 2016: HS256, "v": 0 and the user under "d".
bool is_legacy_custom_token(const token_parts& token) {
    const auto* const version = token.claims.if_contains("v");
    const auto* const data = token.claims.if_contains("d");
    return string_member(token.header, "alg") == "HS256" && version && version->is_int64() &&
           version->get_int64() == 0 && data && data->is_object();
}

/// A sentence for the developer when this is another kind of token than an ID token (custom token, session
/// cookie, App Check, Google's own); null when it may be one.
const char* name_other_kind(const token_parts& token) {
    if (string_member(token.claims, "aud") == custom_token_audience) return custom_token_sentence;
    if (is_legacy_custom_token(token)) return custom_token_sentence;
    const auto issuer = string_member(token.claims, "iss");
    if (!issuer) return nullptr;
    for (const auto& foreign : foreign_issuers) {
        if (issuer->starts_with(foreign.prefix)) return foreign.sentence;
    }
    return nullptr;
}

// The header.

constexpr std::size_t longest_key_id = 128;

/// Every kid that is published is visible ASCII; another one cannot be known, so nothing is fetched for it.
bool is_key_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_key_id &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

/// RFC 7515 §4.1.9: absent, or the media type JWT, whose case does not count; "application/" may be left out.
bool is_type_fit(const boost::json::object& header) {
    if (!header.contains("typ")) return true;
    const auto type = string_member(header, "typ");
    return type && (equals_ignoring_case(*type, "JWT") || equals_ignoring_case(*type, "application/JWT"));
}

/// The header of a signed ID token: alg exactly RS256, kid 1 to 128 visible ASCII characters, typ JWT if any,
/// neither crit nor cty. Parameters unknown here are ignored (RFC 7515 §4), and so are keys and addresses of
/// keys. Gives the kid. Failure: `token_invalid`.
result<std::string> check_header(const boost::json::object& header) {
    const auto algorithm = string_member(header, "alg");
    if (algorithm == "none") {
        return refuse(
            "The token is unsigned, as the Auth emulator makes them; this service takes only tokens "
            "signed by Firebase.");
    }
    if (algorithm != "RS256") return refuse("The token's algorithm is not RS256.");
    if (header.contains("crit")) return refuse("The token's header asks for extensions (crit).");
    if (header.contains("cty")) return refuse("The token holds another token (cty).");
    if (!is_type_fit(header)) return refuse("The token's type (typ) is not JWT.");
    const auto key_id = string_member(header, "kid");
    if (!key_id || !is_key_id(*key_id)) return refuse("The token does not say which key signed it (kid).");
    return std::string(*key_id);
}

// The claims.

constexpr double last_second = 253402300799; // 9999-12-31T23:59:59Z

/// A NumericDate (RFC 7519 §2): seconds since 1970, a fraction allowed, cut to milliseconds; nothing when it
/// is no number or before 1970 or after the year 9999.
std::optional<wall_time> time_member(const boost::json::object& claims, std::string_view name) {
    const auto* const value = claims.if_contains(name);
    if (!value || !value->is_number()) return std::nullopt;
    const double seconds = value->to_number<double>();
    if (!(seconds >= 0 && seconds <= last_second)) return std::nullopt;
    return wall_time(std::chrono::milliseconds(static_cast<std::int64_t>(std::floor(seconds * 1000))));
}

std::optional<failure> check_origin(const boost::json::object& claims, std::string_view project) {
    if (string_member(claims, "aud") != project) {
        return refuse("The token is for another Firebase project than this service's (aud).");
    }
    if (string_member(claims, "iss") != issuer_of(project)) {
        return refuse("The token was not issued for this service's Firebase project (iss).");
    }
    return std::nullopt;
}

/// The claim `firebase.tenant`, which tokens of Identity Platform tenants have; empty without.
result<std::string_view> read_tenant(const boost::json::object& claims) {
    const auto* const about_sign_in = claims.if_contains("firebase");
    if (!about_sign_in) return std::string_view();
    if (!about_sign_in->is_object()) return refuse("The token's claim firebase is no object.");
    const auto& members = about_sign_in->get_object();
    if (!members.contains("tenant")) return std::string_view();
    const auto tenant = string_member(members, "tenant");
    if (tenant && is_acceptable_tenant(*tenant)) return *tenant;
    return refuse("The token's tenant (firebase.tenant) is not one that this service takes.");
}

result<user_id> read_user(const boost::json::object& claims) {
    const auto subject = string_member(claims, "sub");
    if (!subject || !is_acceptable_uid(*subject)) {
        return refuse("The token's user id (sub) is missing or not one that this service takes.");
    }
    const auto tenant = read_tenant(claims);
    if (!tenant) return tenant.error();
    return user_id::in_tenant(*tenant, *subject);
}

/// Claims that Firebase never sends, honoured where they are (RFC 7519 §4.1.5, §4.1.7): nbf is a number of
/// seconds, a fraction allowed, and over; jti is a string.
std::optional<failure> check_unusual(const boost::json::object& claims, wall_time now) {
    if (const auto* const not_before = claims.if_contains("nbf")) {
        if (!not_before->is_number()) return refuse("The token's nbf is no number of seconds.");
        const std::chrono::duration<double> latest = (now + allowed_skew).time_since_epoch();
        if (not_before->to_number<double>() > latest.count()) {
            return refuse("The token is not to be used yet (nbf).");
        }
    }
    if (claims.contains("jti") && !string_member(claims, "jti")) {
        return refuse("The token's jti is no string.");
    }
    return std::nullopt;
}

std::optional<failure> check_times(const identity& who, wall_time now) {
    if (now >= who.expires_at) {
        return failure(reason::token_expired, "The token expired; getIdToken() gives a new one.");
    }
    if (who.issued_at > now + allowed_skew) return refuse("The token was issued in the future (iat).");
    if (who.signed_in_at > now + allowed_skew) return refuse("The sign-in is in the future (auth_time).");
    return std::nullopt;
}

/// The claims aud, iss, sub, firebase.tenant, exp, iat and auth_time, and where they are nbf and jti.
/// Failures: `token_expired` when exp alone is at fault, else `token_invalid`.
result<identity> check_identity(const boost::json::object& claims, std::string_view project, wall_time now) {
    if (auto fault = check_origin(claims, project)) return std::move(*fault);
    auto user = read_user(claims);
    if (!user) return std::move(user).error();
    const auto expires = time_member(claims, "exp");
    if (!expires) return refuse("The token does not say when it expires (exp).");
    const auto issued = time_member(claims, "iat");
    if (!issued) return refuse("The token does not say when it was issued (iat).");
    const auto signed_in = time_member(claims, "auth_time");
    if (!signed_in) return refuse("The token does not say when the user signed in (auth_time).");
    identity who{std::move(*user), *issued, *signed_in, *expires};
    if (auto fault = check_unusual(claims, now)) return std::move(*fault);
    if (auto fault = check_times(who, now)) return std::move(*fault);
    return who;
}

/// RSA of 2048 bits, the least that is taken, signs with so many bytes; no key need be fetched for fewer.
constexpr std::size_t shortest_signature = 256;

} // namespace

std::string issuer_of(std::string_view project) {
    return "https://securetoken.google.com/" + std::string(project);
}

result<unverified_token> check_claims(std::string_view token, std::string_view project, wall_time now) {
    auto parts = read_form(token);
    if (!parts) return std::move(parts).error();
    if (const auto* const sentence = name_other_kind(*parts)) return refuse(sentence);
    auto key_id = check_header(parts->header);
    if (!key_id) return std::move(key_id).error();
    auto who = check_identity(parts->claims, project, now);
    if (!who) return std::move(who).error();
    if (parts->signature.size() < shortest_signature) {
        return refuse("The token's signature is missing or cut short.");
    }
    return unverified_token{std::move(*key_id), std::move(*who), parts->signed_part,
                            token.substr(parts->signed_part.size() + 1)};
}

result<identity> check_unsigned_token(std::string_view token, std::string_view project, wall_time now) {
    const auto parts = read_form(token);
    if (!parts) return parts.error();
    if (const auto* const sentence = name_other_kind(*parts)) return refuse(sentence);
    if (string_member(parts->header, "alg") != "none" || !parts->signature.empty()) {
        return refuse("This service is set up for the Firebase Auth emulator, whose tokens are unsigned; "
                      "this one is signed.");
    }
    return check_identity(parts->claims, project, now);
}

} // namespace byot::auth
