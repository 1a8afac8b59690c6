#include "google/token_request.hpp"

#include "google/token_assertion.hpp"

#include <array>
#include <memory>

namespace byot::google {
namespace {

constexpr std::size_t largest_answer = 64 * 1024;
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
        const auto byte = static_cast<unsigned char>(c);
        const std::array<char, 3> encoded{'%', digits[byte >> 4], digits[byte & 15]};
        out.append(is_unreserved(c) ? std::string_view(&c, 1)
                                    : std::string_view(encoded.data(), encoded.size()));
    }
}

/// Room for all of a form whose values take so many bytes.
secret form_for(std::size_t sizes) {
    return secret(256 + 3 * sizes);
}

http::client_request post(const http::url& address, secret form) {
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
