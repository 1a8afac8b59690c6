#pragma once

#include "config/configuration.hpp"
#include "google/firestore_client.hpp"
#include "google_parts.hpp"
#include "net/connector.hpp"
#include "telemetry/log.hpp"
#include "vault/key_store.hpp"

#include <memory>
#include <vector>

namespace byot::app {

/// The store of BYOT_STORE with what it stands on: a file, or for Firestore connections and a client for each
/// reactor.
class store_parts {
public:
    /// `reactors` are all of the process, in the order of their indices; they outlive this. `tokens` is
    /// where access tokens come from, null for SQLite and the emulator. Throws std::runtime_error with a
    /// sentence for the operator.
    store_parts(const std::vector<std::unique_ptr<net::reactor>>& reactors,
                const config::configuration& values, const std::shared_ptr<boost::asio::ssl::context>& tls,
                google::token_source* tokens);

    vault::key_store& store() noexcept { return *store_; }
    /// Closes a reactor's idle connections, on that reactor.
    void close_idle(const net::reactor& here);

private:
    struct firestore_part {
        net::connector open;
        net::connection_pool pool;
        google::firestore_client client;

        firestore_part(net::reactor& home, std::shared_ptr<boost::asio::ssl::context> tls,
                       google::firestore_settings settings, google::token_access tokens);
    };
    std::vector<std::unique_ptr<firestore_part>> parts_; ///< empty for SQLite
    std::unique_ptr<vault::key_store> store_;
};

/// The environment of `serve`, for a command that works on its store and needs neither flows nor identities.
/// `keyring` in place of BYOT_KEYRING unless it is empty. The credentials file is looked at too, where one is
/// needed.
config::parsed read_store_configuration(const std::string& keyring = {});

/// One reactor with the store of BYOT_STORE, for a command: from the bottom up.
class store_session {
public:
    /// Throws std::runtime_error with a sentence for the operator.
    explicit store_session(const config::configuration& values);

    net::reactor& home() { return *reactors_.front(); }
    vault::key_store& store() { return store_.store(); }
    /// Runs `work` to its end, on this thread. Once.
    void run(task<void> work);

private:
    static std::vector<std::unique_ptr<net::reactor>> one_reactor();
    task<void> carry_out(task<void> work);

    std::vector<std::unique_ptr<net::reactor>> reactors_ = one_reactor();
    telemetry::log log_{telemetry::log_format::text, telemetry::level::warning};
    std::shared_ptr<boost::asio::ssl::context> tls_ = net::make_client_tls();
    google_parts tokens_;
    store_parts store_;
};

} // namespace byot::app
