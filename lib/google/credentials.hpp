#pragma once

#include "core/secret.hpp"
#include "core/url.hpp"

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace byot::google {

/// A service account's key file.
struct service_account {
    std::string client_email;
    std::string private_key_id;
    secret private_key; ///< PEM
    url token_uri;
};

/// A person's, as `gcloud auth application-default login` leaves it.
struct authorized_user {
    std::string client_id;
    secret client_secret;
    secret refresh_token;
    url token_uri;
};

/// The service account that a Google machine runs as, asked at its metadata server.
struct metadata_server {
    url address; ///< its base, http://HOST[:PORT]
};

/// What this service proves itself to Google with.
using credentials = std::variant<service_account, authorized_user, metadata_server>;

/// What is wrong with a credentials file, for the operator; never quotes its content.
struct credentials_problem {
    std::string message;
};
[[noreturn]] void throw_exception_from_error(const credentials_problem& problem,
                                             const boost::source_location& where);
using credentials_result = boost::system::result<credentials, credentials_problem>;

/// Reads the text of a credentials file of type `service_account` or `authorized_user`. A token_uri in it is
/// https, or http to loopback; without one https://oauth2.googleapis.com/token is asked.
credentials_result parse_credentials(const secret& text);

/// Where credentials may be.
struct credentials_location {
    std::string named_file;    ///< GOOGLE_APPLICATION_CREDENTIALS, or empty
    std::string gcloud_folder; ///< CLOUDSDK_CONFIG, or $HOME/.config/gcloud; empty: not looked at
    url metadata_host;         ///< GCE_METADATA_HOST: the metadata server's base
};

/// Application Default Credentials
/// (https://cloud.google.com/docs/authentication/application-default-credentials): the named file, else
/// gcloud's application_default_credentials.json, else the metadata server, which is not asked yet. A named
/// file that is missing, or either file when it is bad, is a problem; its message begins with the file's
/// name. Reads files, so it may block.
credentials_result find_credentials(const credentials_location& where);

/// RS256 (RFC 7518 §3.3) over `text` by the account's key: the signature's bytes. Nothing when it cannot
/// sign. Takes about a millisecond.
std::optional<std::string> sign_rs256(const service_account& account, std::string_view text);

} // namespace byot::google
