#include "reactor_parts.hpp"

#include "auth/emulator_verifier.hpp"
#include "revocation.hpp"

#include <new>

namespace byot::app {
namespace {

vault::vault_settings vault_settings_of(const config::configuration& values) {
    vault::vault_settings settings;
    settings.time_to_live = values.key_cache_ttl;
    return settings;
}

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

} // namespace

reactor_parts::reactor_parts(net::reactor& home, shared_parts& shared)
    : home_(home), shared_(shared), connector_(home, shared.tls), pool_(home, connector_),
      verifier_(make_verifier(home, shared)),
      keys_(home, shared.peers, *shared.store, shared.ring, vault_settings_of(shared.values)),
      relay_(make_relay(pool_, shared)), key_check_(make_key_check(pool_, shared)),
      revocation_(make_revocation_check(home, pool_, shared)), identity_(make_identity(home, shared)),
      application_({home, *verifier_, keys_, *shared.limits, relay_ ? &*relay_ : nullptr, key_check_,
                    revocation_ ? &*revocation_ : nullptr, [this] { return readiness_.ask(); },
                    identity_ ? &*identity_ : nullptr},
                   shared.settings),
      server_(home, server_settings_of(shared), *this) {
    home.on_trim([this] { application_.free_spare(); });
}

task<void> reactor_parts::answer(http::exchange& asked) {
    return application_.answer(asked);
}

void reactor_parts::observe(const telemetry::access_record& record) {
    try {
        telemetry::count_request(metrics_, record);
        shared_.forwarding.tell(shared_.log, record.forwarding_fault);
        telemetry::write_access(shared_.log, record, shared_.values.google_project, wall_now());
    } catch (const std::bad_alloc&) { // no fault of the answer
        shared_.log.drop();
    }
}

telemetry::metric_values reactor_parts::metrics() const {
    auto values = metrics_;
    values.set(telemetry::metric::signatures_verified, verifier_->signatures_verified());
    return values;
}

task<api::readiness> reactor_parts::look_at_readiness() {
    api::readiness seen;
    const auto store = co_await shared_.store->probe(home_);
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

} // namespace byot::app
