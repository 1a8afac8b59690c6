#include "reactor_parts.hpp"

#include "auth/emulator_verifier.hpp"
#include "google_parts.hpp"
#include "settings.hpp"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

namespace byot::app {
namespace {

constexpr std::chrono::seconds readiness_memory{1};
/// Of one reactor, until they are pushed.
constexpr std::size_t max_kept_spans = 4096;

http::server::settings server_settings_of(const shared_parts& shared) {
    http::server::settings settings;
    settings.sessions.deadlines = {shared.values.header_timeout, shared.values.idle_timeout,
                                   shared.values.body_timeout};
    settings.sessions.cors = shared.settings->cors;
    settings.max_connections = shared.values.max_connections;
    settings.open_connections = shared.open_connections;
    return settings;
}

std::unique_ptr<auth::token_verifier> make_verifier(net::reactor& home, const shared_parts& shared) {
    const auto& project = shared.values.firebase_project;
    if (!shared.certificates) return auth::make_emulator_verifier(project);
    return auth::make_firebase_verifier(home, *shared.certificates, {project, shared.verifiers});
}

std::optional<relay::relay> make_relay(net::connection_pool& pool, const shared_parts& shared) {
    if (!shared.upstream) return std::nullopt;
    return relay::relay(pool, *shared.upstream, *shared.ring);
}

std::optional<own_identity> make_identity(net::reactor& home, const shared_parts& shared) {
    if (!shared.upstream_identity) return std::nullopt;
    return own_identity(*shared.upstream_identity, home);
}

/// Providers without an address are those that there is no question for.
providers::key_check make_key_check(net::connection_pool& pool, const shared_parts& shared) {
    providers::key_check::addresses where;
    for (const auto& [provider, address] : shared.values.provider_urls)
        where.emplace(provider, address.where);
    return {pool, std::move(where)};
}

/// Asks Firebase, or the Auth emulator, whether sessions were revoked. Nothing when BYOT_REVOCATION_CHECK is
/// off.
std::optional<auth::revocation_check> make_revocation_check(net::reactor& home, net::connection_pool& pool,
                                                            const shared_parts& shared) {
    const auto& values = shared.values;
    if (!values.checks_revocation) return std::nullopt;
    const bool is_emulated = values.auth_emulator.has_value();
    auto address = is_emulated ? values.auth_emulator->where : values.identity_url.where;
    if (is_emulated) address.path = "/identitytoolkit.googleapis.com";
    auto tokens = is_emulated ? emulator_access() : token_access_of(shared.access_tokens, home);
    return std::optional<auth::revocation_check>(std::in_place, pool, std::move(address),
                                                 values.firebase_project, std::move(tokens.get));
}

} // namespace

void forwarding_warning::tell(telemetry::log& log, std::string_view fault) {
    if (fault.empty()) return;
    auto& is_told = fault == "too_few" ? is_too_few_told_ : is_no_address_told_;
    if (is_told.load(std::memory_order_relaxed) || is_told.exchange(true)) return;
    // Without the field's value: a client may have put anything there.
    log.write(log.line(telemetry::level::warning,
                       "X-Forwarded-For does not name the client: the peer's address is taken, and its limit "
                       "is everybody's; does BYOT_TRUSTED_HOPS fit the proxies?")
                  .add("fault", fault));
}

lag_watch::lag_watch(net::reactor& of, telemetry::metric_values& metrics) noexcept
    : metrics_(metrics), index_(of.index()) {}

void lag_watch::begin(net::reactor& of) noexcept {
    due_ = steady_now() + net::reactor::sweep_interval;
    of.join_sweep(*this);
}

void lag_watch::at_sweep() noexcept {
    const auto now = steady_now();
    const auto late = std::max(now - due_, steady_time::duration::zero());
    due_ = now + net::reactor::sweep_interval;
    try {
        metrics_.observe(telemetry::metric::reactor_lag, {index_},
                         std::chrono::duration_cast<std::chrono::microseconds>(late));
    } catch (const std::bad_alloc&) { // there will be another
    }
}

reactor_parts::reactor_parts(net::reactor& home, shared_parts& shared)
    : home_(home), shared_(shared), lag_(home, metrics_),
      store_(*shared.store, metrics_, shared.values.sqlite ? "sqlite" : "gcp.firestore"),
      connector_(home, shared.tls), pool_(home, connector_), verifier_(make_verifier(home, shared)),
      keys_(home, shared.peers, store_, shared.ring, vault_settings_of(shared.values)),
      relay_(make_relay(pool_, shared)), key_check_(make_key_check(pool_, shared)),
      revocation_(make_revocation_check(home, pool_, shared)), identity_(make_identity(home, shared)),
      application_({home, *verifier_, keys_, *shared.limits, relay_ ? &*relay_ : nullptr, key_check_,
                    revocation_ ? &*revocation_ : nullptr, [this] { return readiness_.ask(); },
                    identity_ ? &*identity_ : nullptr},
                   shared.settings),
      server_(home, server_settings_of(shared), *this) {
    home.on_trim([this] { application_.free_spare(); });
}

void reactor_parts::start() {
    lag_.begin(home_);
    server_.start();
}

task<void> reactor_parts::answer(http::exchange& asked) {
    if (shared_.traces) asked.record().trace = telemetry::begin_trace(asked.record(), *shared_.traces);
    return application_.answer(asked);
}

void reactor_parts::observe(const telemetry::access_record& record) {
    try {
        telemetry::count_request(metrics_, record);
        if (record.trace) keep_spans(record);
        shared_.forwarding.tell(shared_.log, record.forwarding_fault);
        telemetry::write_access(shared_.log, record, shared_.values.google_project, wall_now());
    } catch (const std::bad_alloc&) { // no fault of the answer
        shared_.log.drop();
    }
}

void reactor_parts::keep_spans(const telemetry::access_record& record) {
    auto ended = std::move(*record.trace).finish(record);
    if (spans_.size() + ended.size() > max_kept_spans) {
        metrics_.count(telemetry::metric::export_losses, {"spans"}, static_cast<double>(ended.size()));
    } else {
        std::move(ended.begin(), ended.end(), std::back_inserter(spans_));
    }
}

telemetry::metric_values reactor_parts::metrics() const {
    auto values = metrics_;
    values.set(telemetry::metric::token_verifications, static_cast<double>(verifier_->signatures_verified()),
               {"signature"});
    return values;
}

task<api::readiness> reactor_parts::look_at_readiness() {
    api::readiness seen;
    const auto store = co_await store_.probe(home_);
    seen.store = store.has_value();
    seen.certificates = !shared_.certificates || shared_.certificates->is_ready();
    if (!seen.certificates) {
        std::string any_key;
        const auto fetched = co_await shared_.certificates->keys_for(home_, std::move(any_key), wall_now());
        seen.certificates = fetched.has_value();
    }
    if (relay_) seen.upstream = co_await relay_->probe();
    co_return seen;
}

task<api::readiness> reactor_parts::readiness_watch::ask() {
    if (is_looking_) {
        async_event seen;
        waiting_.push_back(&seen);
        co_await seen.wait();
        co_return seen_;
    }
    if (steady_now() < good_until_) co_return seen_;
    is_looking_ = true;
    try {
        seen_ = co_await of_.look_at_readiness();
        good_until_ = steady_now() + readiness_memory;
    } catch (const std::bad_alloc&) {
        seen_ = {}; // nothing is ready without memory
    }
    is_looking_ = false;
    for (auto* const waiter : std::exchange(waiting_, {})) waiter->notify();
    co_return seen_;
}

} // namespace byot::app
