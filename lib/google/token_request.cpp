#include "google/token_request.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"

#include <array>
#include <memory>
#include <optional>

namespace byot::google {
namespace {

/// What an access token is good for; IAM decides which of Google's APIs the account may use.
constexpr std::string_view cloud_platform = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::chrono::seconds lifetime = std::chrono::hours(1);

/// The audience of an assertion is the token endpoint, as the file gives it.
std::string text_of(const url& address) {
    std::string text = address.origin.is_tls ? "https://" : "http://";
    text.append(authority(address.origin)).append(address.path);
    if (!address.query.empty()) text.append("?").append(address.query);
    return text;
}

std::string header_of(const service_account& account) {
    std::string header = R"({"alg":"RS256","typ":"JWT")";
    if (!account.private_key_id.empty()) {
        header += R"(,"kid":)";
        append_json_string(header, account.private_key_id);
    }
    return header + "}";
}

std::string claims_of(const service_account& account, std::string_view audience, wall_time now) {
    const auto issued_at = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
    std::string claims = R"({"iss":)";
    append_json_string(claims, account.client_email);
    claims += audience.empty() ? R"(,"scope":)" : R"(,"target_audience":)";
    append_json_string(claims, audience.empty() ? cloud_platform : audience);
    claims += R"(,"aud":)";
    append_json_string(claims, text_of(account.token_uri));
    claims += R"(,"iat":)" + std::to_string(issued_at.count());
    claims += R"(,"exp":)" + std::to_string((issued_at + lifetime).count());
    return claims + "}";
}

/// The signed JWT that a service account's tokens are asked with (RFC 7523 §3;
/// https://developers.google.com/identity/protocols/oauth2/service-account), valid for an hour from `now`:
/// for an access token, or with an audience for an identity token for it. Nothing when the key cannot sign.
std::optional<secret> make_assertion(const service_account& account, std::string_view audience,
                                     wall_time now) {
    const auto unsigned_part = base64url_encode(as_bytes(header_of(account))) + "." +
                               base64url_encode(as_bytes(claims_of(account, audience, now)));
    auto signature = sign_rs256(account, unsigned_part);
    if (!signature) return std::nullopt;
    // Without the signature the rest is worth nothing.
    auto encoded = base64url_encode(as_bytes(*signature));
    secret assertion(unsigned_part.size() + 1 + encoded.size());
    assertion.append(unsigned_part);
    assertion.append(".");
    assertion.append(encoded);
    wipe(signature->data(), signature->size());
    wipe(encoded.data(), encoded.size());
    return assertion;
}

constexpr std::size_t largest_answer = std::size_t{64} * 1024;
constexpr std::string_view default_account = "/computeMetadata/v1/instance/service-accounts/default";

bool is_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/// RFC 3986 §2.1, of everything but unreserved characters: good in a query and in a form.
template <class Text>
void append_encoded(Text& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char& c : text) {
        const unsigned byte = static_cast<unsigned char>(c);
        const std::array<char, 3> encoded{'%', digits[byte >> 4U], digits[byte & 15U]};
        out.append(is_unreserved(c) ? std::string_view(&c, 1)
                                    : std::string_view(encoded.data(), encoded.size()));
    }
}

/// Room for all of a form whose values take so many bytes.
secret form_for(std::size_t sizes) {
    return secret(256 + 3 * sizes);
}

http::client_request post(const url& address, secret form) {
    http::client_request request;
    request.method = "POST";
    request.address = address;
    request.fields.emplace_back("content-type", "application/x-www-form-urlencoded");
    request.fields.emplace_back("accept", "application/json");
    request.secret_body = std::make_shared<const secret>(std::move(form));
    request.max_body = largest_answer;
    return request;
}

result<http::client_request> request_with(const service_account& account, std::string_view audience,
                                          wall_time now) {
    const auto assertion = make_assertion(account, audience, now);
    if (!assertion)
        return failure(reason::identity_unavailable,
                       "The service account's key cannot sign a token request.");
    auto form = form_for(assertion->size());
    form.append("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
    append_encoded(form, assertion->expose());
    return post(account.token_uri, std::move(form));
}

result<http::client_request> request_with(const authorized_user& user, std::string_view audience, wall_time) {
    if (!audience.empty()) {
        return failure(reason::identity_unavailable,
                       "A user's credentials file gives no identity tokens for a service: use a service "
                       "account's.");
    }
    auto form = form_for(user.client_id.size() + user.client_secret.size() + user.refresh_token.size());
    form.append("grant_type=refresh_token&client_id=");
    append_encoded(form, user.client_id);
    form.append("&client_secret=");
    append_encoded(form, user.client_secret.expose());
    form.append("&refresh_token=");
    append_encoded(form, user.refresh_token.expose());
    return post(user.token_uri, std::move(form));
}

result<http::client_request> request_with(const metadata_server& server, std::string_view audience,
                                          wall_time) {
    http::client_request request;
    request.address = server.address;
    request.address.path = std::string(default_account) + (audience.empty() ? "/token" : "/identity");
    if (!audience.empty()) {
        request.address.query = "audience=";
        append_encoded(request.address.query, audience);
        request.address.query += "&format=full";
    }
    // Tells the server that this is no request that a page or a proxy was talked into.
    request.fields.emplace_back("Metadata-Flavor", "Google");
    request.max_body = largest_answer;
    return request;
}

} // namespace

result<http::client_request> make_token_request(const credentials& with, std::string_view audience,
                                                wall_time now) {
    return std::visit([&](const auto& mine) { return request_with(mine, audience, now); }, with);
}

} // namespace byot::google
