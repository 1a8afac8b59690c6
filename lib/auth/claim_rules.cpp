#include "auth/acceptable_ids.hpp"
#include "auth/id_token.hpp"
#include "auth/token_rules.hpp"
#include "core/json.hpp"

#include <cmath>

namespace byot::auth {
namespace {

constexpr double last_second = 253402300799; // 9999-12-31T23:59:59Z

failure refuse(const char* sentence) {
    return {reason::token_invalid, sentence};
}

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

} // namespace

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

} // namespace byot::auth
