#include "google/credentials.hpp"

#include "google/secret_members.hpp"
#include "google/token_signing.hpp"

#include <stdexcept>

namespace byot::google {
namespace {

template <class T>
using checked = boost::system::result<T, credentials_problem>;

constexpr std::string_view usual_token_uri = "https://oauth2.googleapis.com/token";

checked<std::string_view> required(const secret_members& members, std::string_view name) {
    const auto text = members.text(name);
    if (!text || text->empty()) return credentials_problem{std::string(name) + " is missing or no text"};
    return *text;
}

/// Assertions and refresh tokens go there: over TLS, or to a server of this machine.
checked<http::url> token_uri_of(const secret_members& members) {
    const auto address = http::parse_url(members.text("token_uri").value_or(usual_token_uri));
    if (!address || (!address->origin.is_tls && !net::is_loopback(address->origin.host)))
        return credentials_problem{"token_uri is not an https address (http only to loopback)"};
    return *address;
}

credentials_result read_service_account(const secret_members& members) {
    const auto email = required(members, "client_email");
    if (!email) return email.error();
    const auto key = required(members, "private_key");
    if (!key) return key.error();
    auto token_uri = token_uri_of(members);
    if (!token_uri) return token_uri.error();
    service_account account;
    account.client_email = *email;
    account.private_key_id = members.text("private_key_id").value_or("");
    account.private_key = secret::copy_of(*key);
    account.token_uri = std::move(*token_uri);
    if (!is_signing_key(account.private_key))
        return credentials_problem{"private_key is not an unencrypted RSA key of at least 2048 bits in PEM"};
    return credentials(std::move(account));
}

credentials_result read_authorized_user(const secret_members& members) {
    const auto id = required(members, "client_id");
    if (!id) return id.error();
    const auto client_secret = required(members, "client_secret");
    if (!client_secret) return client_secret.error();
    const auto refresh_token = required(members, "refresh_token");
    if (!refresh_token) return refresh_token.error();
    auto token_uri = token_uri_of(members);
    if (!token_uri) return token_uri.error();
    authorized_user user;
    user.client_id = *id;
    user.client_secret = secret::copy_of(*client_secret);
    user.refresh_token = secret::copy_of(*refresh_token);
    user.token_uri = std::move(*token_uri);
    return credentials(std::move(user));
}

} // namespace

void throw_exception_from_error(const credentials_problem& problem, const boost::source_location&) {
    throw std::runtime_error(problem.message);
}

credentials_result parse_credentials(const secret& text) {
    const auto members = secret_members::read(text.expose());
    if (!members) return credentials_problem{"is not one JSON object with each name once"};
    const auto type = members->text("type").value_or("");
    if (type == "service_account") return read_service_account(*members);
    if (type == "authorized_user") return read_authorized_user(*members);
    if (type == "external_account" || type == "impersonated_service_account") {
        return credentials_problem{"is of type " + std::string(type) +
                                   ", which this program does not use: service_account and authorized_user"};
    }
    return credentials_problem{"type is neither service_account nor authorized_user"};
}

} // namespace byot::google
