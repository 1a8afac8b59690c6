#pragma once

#include "config/configuration.hpp"
#include "google_parts.hpp"
#include "store_parts.hpp"
#include "telemetry/log.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace byot::app {

/// The environment of `serve`, for a command that works on its store and needs neither flows nor identities.
/// `keyring` in place of BYOT_KEYRING unless it is empty.
config::parsed read_store_configuration(const std::string& keyring = {});

/// One reactor with the store of BYOT_STORE, for a command: from the bottom up.
class store_session {
public:
    /// Throws std::runtime_error with a sentence for the operator.
    explicit store_session(const config::configuration& values);

    net::reactor& home() { return *reactors_.front(); }
    vault::key_store& store() { return store_.store(); }
    /// Runs the task that `work` makes to its end, on this thread. Once.
    void run(std::function<task<void>()> work);

private:
    static std::vector<std::unique_ptr<net::reactor>> one_reactor();
    task<void> carry_out(std::function<task<void>()> work);

    std::vector<std::unique_ptr<net::reactor>> reactors_ = one_reactor();
    telemetry::log log_{telemetry::log_format::text, telemetry::level::warning};
    std::shared_ptr<boost::asio::ssl::context> tls_ = net::make_client_tls();
    google_parts tokens_;
    store_parts store_;
};

} // namespace byot::app
