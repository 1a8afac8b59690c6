#pragma once

#include "config/configuration.hpp"
#include "google/credentials.hpp"
#include "google/firestore_client.hpp"
#include "google/token_issuer.hpp"
#include "google/token_source.hpp"
#include "net/connection_pool.hpp"
#include "net/connector.hpp"
#include "telemetry/log.hpp"

#include <memory>
#include <vector>

namespace byot::app {

/// What of BYOT_* asks for Google credentials of this service's own.
bool needs_access_tokens(const config::configuration& values);
bool needs_upstream_identity(const config::configuration& values);

/// What is wrong with the credentials file, where credentials are needed.
std::vector<config::problem> check_credentials(const config::configuration& values);

/// This service's own Google tokens, fetched on one reactor for all; only those that are needed. Nothing is
/// asked before `keep_fresh`.
class google_parts {
public:
    /// Reads the credentials file, if one is needed. Throws std::runtime_error with a sentence for the
    /// operator.
    google_parts(net::reactor& home, const config::configuration& values,
                 std::shared_ptr<boost::asio::ssl::context> tls, telemetry::log& log);

    /// Of scope cloud-platform; null when nothing needs them. Any reactor may ask.
    google::token_source* access_tokens() noexcept { return source_of(access_); }
    /// For BYOT_GENKIT_AUDIENCE; null without one.
    google::token_source* upstream_identity() noexcept { return source_of(identity_); }

    /// All on the home reactor. `settle` waits for a fetch that is under way.
    void keep_fresh();
    void stop();
    task<void> settle();

private:
    struct kept_token {
        google::token_issuer issuer;
        google::token_source source;

        kept_token(net::reactor& home, google::token_issuer with, std::string_view what, telemetry::log& log);
    };
    static google::token_source* source_of(const std::unique_ptr<kept_token>& kept) noexcept {
        return kept ? &kept->source : nullptr;
    }

    net::connector connector_;
    net::connection_pool pool_;
    std::unique_ptr<kept_token> access_;
    std::unique_ptr<kept_token> identity_;
};

/// Where a reactor's clients of Google's APIs take their access tokens from; empty for a null source.
google::token_access token_access_of(google::token_source* source, net::reactor& here);

/// What Google's emulators take for the token of the owner of everything.
google::token_access emulator_access();

} // namespace byot::app
