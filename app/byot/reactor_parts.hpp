#pragma once

#include "api/application.hpp"
#include "auth/certificate_source.hpp"
#include "auth/firebase_verifier.hpp"
#include "auth/revocation.hpp"
#include "config/configuration.hpp"
#include "core/async_event.hpp"
#include "google/token_source.hpp"
#include "http/server.hpp"
#include "measured_store.hpp"
#include "net/connection_pool.hpp"
#include "net/connector.hpp"
#include "net/reactor.hpp"
#include "providers/key_check.hpp"
#include "relay/relay.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/request_trace.hpp"
#include "vault/key_store.hpp"
#include "vault/vault.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::app {

/// Says once in a process's life, for each fault, that X-Forwarded-For does not name clients, so that all of
/// them share one address's limit. Any thread may call it.
class forwarding_warning {
public:
    /// `fault` as in `telemetry::access_record`; nothing is done when it is empty.
    void tell(telemetry::log& log, std::string_view fault);

private:
    std::atomic<bool> is_too_few_told_{false};
    std::atomic<bool> is_no_address_told_{false};
};

/// What all reactors use: immutable, or with an inside of its own that takes calls from every thread.
struct shared_parts {
    config::configuration values;
    telemetry::log& log;
    std::shared_ptr<vault::live_keyring> ring{};
    vault::key_store* store = nullptr;
    std::shared_ptr<boost::asio::ssl::context> tls{};
    std::shared_ptr<vault::vault_peers> peers = std::make_shared<vault::vault_peers>();
    std::shared_ptr<const api::application_settings> settings{};
    std::shared_ptr<std::atomic<unsigned>> open_connections = std::make_shared<std::atomic<unsigned>>(0);
    std::unique_ptr<limits::admission> limits{};
    std::optional<relay::relay_settings> upstream{};   ///< nothing for role keys
    auth::certificate_source* certificates = nullptr;  ///< null with the Auth emulator; lives on reactor 0
    google::token_source* access_tokens = nullptr;     ///< null when not needed; this and the next: reactor 0
    google::token_source* upstream_identity = nullptr; ///< null when the upstream wants none
    std::shared_ptr<auth::verifier_peers> verifiers = std::make_shared<auth::verifier_peers>();
    forwarding_warning forwarding{};
    std::optional<telemetry::sampling> traces{}; ///< nothing: no request is traced
};

/// How late a reactor comes to its sweep: what runs on it without a pause keeps everybody else waiting.
class lag_watch final : net::swept {
public:
    lag_watch(net::reactor& of, telemetry::metric_values& metrics) noexcept;
    /// From when the reactor runs.
    void begin(net::reactor& of) noexcept;

private:
    void at_sweep() noexcept override;

    telemetry::metric_values& metrics_;
    unsigned index_;
    steady_time due_;
};

/// This service's identity towards the flows' server, asked for from one reactor.
class own_identity final : public relay::upstream_identity {
public:
    own_identity(google::token_source& source, net::reactor& home) noexcept : source_(source), home_(home) {}
    task<result<std::shared_ptr<const secret>>> token() override { return source_.token(home_, wall_now()); }

private:
    google::token_source& source_;
    net::reactor& home_;
};

/// One reactor's part of the server, from the socket up. The order is the order of dependence.
class reactor_parts final : http::request_handler {
public:
    /// Throws std::runtime_error with a sentence for the operator.
    reactor_parts(net::reactor& home, shared_parts& shared);

    /// Accepts from now on. On this reactor.
    void start();
    http::server& server() noexcept { return server_; }
    vault::vault& keys() noexcept { return keys_; }
    net::connection_pool& pool() noexcept { return pool_; }
    /// This reactor's values, on it.
    telemetry::metric_values metrics() const;
    /// The spans that ended since the last call, on this reactor.
    std::vector<telemetry::span> take_spans() noexcept { return std::exchange(spans_, {}); }

private:
    /// What GET /health/ready answers. Anybody may ask it as often as they like, and looking costs a read of
    /// the store and a connection upstream: so one look serves all who ask within a second.
    class readiness_watch {
    public:
        explicit readiness_watch(reactor_parts& of) noexcept : of_(of) {}

        task<api::readiness> ask();

    private:
        reactor_parts& of_;
        api::readiness seen_;
        steady_time good_until_;
        bool is_looking_ = false;
        std::vector<async_event*> waiting_;
    };

    task<api::readiness> look_at_readiness();
    task<void> answer(http::exchange& asked) override;
    /// An answered request, counted and logged.
    void observe(const telemetry::access_record& record) override;

    void keep_spans(const telemetry::access_record& record);

    net::reactor& home_;
    shared_parts& shared_;
    telemetry::metric_values metrics_;
    lag_watch lag_;
    measured_store store_;
    net::connector connector_;
    net::connection_pool pool_;
    std::unique_ptr<auth::token_verifier> verifier_;
    vault::vault keys_;
    std::optional<relay::relay> relay_;
    providers::key_check key_check_;
    std::optional<auth::revocation_check> revocation_;
    std::optional<own_identity> identity_;
    readiness_watch readiness_{*this};
    api::application application_;
    std::vector<telemetry::span> spans_;
    http::server server_;
};

} // namespace byot::app
