#include "google/token_assertion.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"
#include "google/token_signing.hpp"

namespace byot::google {
namespace {

constexpr std::chrono::seconds lifetime = std::chrono::hours(1);

/// The audience of an assertion is the token endpoint, as the file gives it.
std::string text_of(const http::url& address) {
    std::string text = address.origin.is_tls ? "https://" : "http://";
    text.append(net::authority(address.origin)).append(address.path);
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

} // namespace

std::optional<secret> make_assertion(const service_account& account, std::string_view audience,
                                     wall_time now) {
    const auto unsigned_part = base64url_encode(as_bytes(header_of(account))) + "." +
                               base64url_encode(as_bytes(claims_of(account, audience, now)));
    auto signature = sign_rs256(account.private_key, unsigned_part);
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

} // namespace byot::google
