#include "auth/token_rules.hpp"
#include "core/json.hpp"

#include <array>

namespace byot::auth {
namespace {

constexpr std::string_view custom_token_audience =
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";

struct foreign_issuer {
    std::string_view prefix;
    std::string_view sentence;
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

constexpr std::string_view custom_token_sentence =
    "This is a Firebase custom token; exchange it with signInWithCustomToken() and send getIdToken()'s.";

/// Custom tokens of Firebase before 2016: HS256, "v": 0 and the user under "d".
bool is_legacy_custom_token(const token_parts& token) {
    const auto* const version = token.claims.if_contains("v");
    const auto* const data = token.claims.if_contains("d");
    return string_member(token.header, "alg") == "HS256" && version && version->is_int64() &&
           version->get_int64() == 0 && data && data->is_object();
}

} // namespace

std::optional<std::string_view> name_other_kind(const token_parts& token) {
    if (string_member(token.claims, "aud") == custom_token_audience) return custom_token_sentence;
    if (is_legacy_custom_token(token)) return custom_token_sentence;
    const auto issuer = string_member(token.claims, "iss");
    if (!issuer) return std::nullopt;
    for (const auto& foreign : foreign_issuers) {
        if (issuer->starts_with(foreign.prefix)) return foreign.sentence;
    }
    return std::nullopt;
}

} // namespace byot::auth
