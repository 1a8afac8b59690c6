#include "google/token_issuer.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"
#include "google/secret_members.hpp"
#include "google/token_request.hpp"

#include <algorithm>
#include <array>

namespace byot::google {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds longest_life = 24h;
constexpr std::size_t longest_token = std::size_t{16} * 1024;
/// 9999-12-31: later, and the clock's type would overflow.
constexpr std::int64_t last_second = 253402300799;

failure unusable(std::string sentence) {
    return {reason::identity_unavailable, std::move(sentence)};
}

/// It becomes a field's value: nothing but visible ASCII.
bool is_token_text(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_token &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool is_of_jwt(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/// The claims of a JWT, which its signature alone makes worth hiding.
std::optional<boost::json::object> claims_of(std::string_view jwt) {
    if (!std::all_of(jwt.begin(), jwt.end(), is_of_jwt)) return std::nullopt;
    const auto first = jwt.find('.');
    const auto second = first == jwt.npos ? jwt.npos : jwt.find('.', first + 1);
    if (second == jwt.npos || jwt.find('.', second + 1) != jwt.npos) return std::nullopt;
    const auto claims = base64url_decode(jwt.substr(first + 1, second - first - 1));
    return claims ? parse_json_object(*claims) : std::nullopt;
}

std::optional<wall_time> expiry_of(const boost::json::object& claims) {
    const auto* const exp = claims.if_contains("exp");
    if (!exp || !exp->is_int64() || exp->as_int64() < 0 || exp->as_int64() > last_second) return std::nullopt;
    return wall_time(std::chrono::seconds(exp->as_int64()));
}

/// RFC 6749 §5.2; another word is not repeated, for nobody knows what it is.
constexpr std::array<std::string_view, 6> known_errors{"invalid_request", "invalid_client",
                                                       "invalid_grant",   "unauthorized_client",
                                                       "invalid_scope",   "unsupported_grant_type"};

failure refusal(const http::client_answer& answer) {
    std::string sentence = "Asked for a token, Google answered " + std::to_string(answer.status);
    const auto members = secret_members::read(answer.body);
    const auto error = members ? members->text("error").value_or("") : std::string_view();
    if (std::find(known_errors.begin(), known_errors.end(), error) != known_errors.end())
        sentence.append(" ").append(error);
    return unusable(sentence + ".");
}

} // namespace

result<issued_token> read_access_token(std::string_view json, wall_time asked_at) {
    const auto members = secret_members::read(json);
    if (!members) return unusable("The answer with an access token is no JSON object.");
    const auto token = members->text("access_token").value_or("");
    const auto life = members->number("expires_in").value_or(0);
    if (!is_token_text(token) || life <= 0 ||
        !equals_ignoring_case(members->text("token_type").value_or(""), "Bearer")) {
        return unusable("The answer with an access token lacks the token, its type or its lifetime.");
    }
    const auto lasts = std::chrono::seconds(std::min<std::int64_t>(life, longest_life.count()));
    return issued_token{secret::copy_of(token), asked_at + lasts};
}

result<issued_token> read_identity_token(std::string_view json, std::string_view audience) {
    const auto members = secret_members::read(json);
    if (!members) return unusable("The answer with an identity token is no JSON object.");
    return read_bare_identity_token(members->text("id_token").value_or(""), audience);
}

result<issued_token> read_bare_identity_token(std::string_view text, std::string_view audience) {
    if (!is_token_text(text)) return unusable("The answer holds no identity token.");
    const auto claims = claims_of(text);
    const auto expires_at = claims ? expiry_of(*claims) : std::nullopt;
    if (!expires_at) return unusable("The identity token is no JWT with an expiry.");
    if (string_member(*claims, "aud") != audience)
        return unusable("The identity token is for another audience than was asked for.");
    return issued_token{secret::copy_of(text), *expires_at};
}

result<issued_token> read_token_answer(const credentials& with, std::string_view audience,
                                       const http::client_answer& answer, wall_time asked_at) {
    const bool is_metadata = std::holds_alternative<metadata_server>(with);
    // Whatever else answers under that name, a router's page among them, does not say this.
    if (is_metadata && answer.field("metadata-flavor") != "Google")
        return unusable("What answered in the metadata server's place is not Google's.");
    if (answer.status != 200) return refusal(answer);
    if (audience.empty()) return read_access_token(answer.body, asked_at);
    if (is_metadata) return read_bare_identity_token(answer.body, audience);
    return read_identity_token(answer.body, audience);
}

token_issuer::token_issuer(net::connection_pool& pool, std::shared_ptr<const credentials> with,
                           std::string audience)
    : pool_(pool), with_(std::move(with)), audience_(std::move(audience)) {}

task<result<issued_token>> token_issuer::issue(steady_time limit) {
    const auto asked_at = wall_now();
    auto request = make_token_request(*with_, audience_, asked_at);
    if (request.has_error()) co_return request.error();
    request.value().limit = limit;
    auto answer = co_await http::fetch(pool_, std::move(request.value()));
    if (answer.has_error()) {
        co_return failure(reason::identity_unavailable,
                          "Google could not be asked for a token: " + std::string(answer.error().message()));
    }
    auto token = read_token_answer(*with_, audience_, answer.value(), asked_at);
    wipe(answer.value().body.data(), answer.value().body.size());
    co_return token;
}

} // namespace byot::google
