#include "settings.hpp"

#include "api/openapi.hpp"
#include "version.hpp"
#include "web/assets.hpp"

namespace byot::app {
namespace {

api::served served_by(config::role role, const development_parts& development) {
    api::served by;
    by.keys = role != config::role::ai;
    by.ai = role != config::role::keys;
    by.development = development.issuer != nullptr;
    return by;
}

http::field token_field_of(config::token_field name) {
    const bool is_own = name == config::token_field::authorization;
    return is_own ? http::field::authorization : http::field::x_forwarded_authorization;
}

std::vector<api::page> pages() {
    std::vector<api::page> all;
    for (const auto& asset : web::web_assets())
        all.push_back({asset.path, asset.content_type, asset.body, asset.etag});
    return all;
}

std::optional<limits::rate> as_limit(const std::optional<config::rate>& rate) {
    if (!rate) return std::nullopt;
    return limits::rate{rate->count, rate->period};
}

std::string openapi_of(const config::configuration& values, api::served by) {
    api::openapi_options options;
    options.providers = values.providers;
    options.version = program_version;
    options.by = by;
    return api::openapi_document(options);
}

} // namespace

std::shared_ptr<const api::application_settings> settings_of(const config::configuration& values,
                                                             const development_parts& development) {
    auto settings = std::make_shared<api::application_settings>();
    settings->by = served_by(values.role, development);
    settings->cors = std::make_shared<http::cors_policy>(values.allowed_origins);
    settings->providers = values.providers;
    settings->max_key_body = values.max_key_body;
    settings->trusted_hops = values.trusted_hops;
    settings->token_field = token_field_of(values.token_field);
    settings->tries_saved_keys = values.checks_keys;
    settings->openapi = openapi_of(values, settings->by);
    settings->pages = pages();
    settings->content_security_policy = web::content_security_policy;
    settings->issuer = development.issuer;
    return settings;
}

limits::admission_settings admission_settings_of(const config::configuration& values) {
    return {as_limit(values.rate_per_user), as_limit(values.rate_per_ip), values.streams_per_user};
}

std::optional<relay::relay_settings> upstream_of(const config::configuration& values,
                                                 const std::optional<url>& demo) {
    if (!values.genkit_url) return std::nullopt;
    const auto& address = demo ? *demo : values.genkit_url->where;
    relay::relay_settings settings;
    settings.upstream = address.origin;
    settings.address = {authority(address.origin), address.path};
    settings.connect = values.connect_timeout;
    settings.first_byte = values.first_byte_timeout;
    settings.stream_idle = values.stream_idle_timeout;
    settings.request = values.request_timeout;
    settings.client_body = values.body_timeout;
    settings.max_body = values.max_ai_body;
    return settings;
}

vault::vault_settings vault_settings_of(const config::configuration& values) {
    vault::vault_settings settings;
    settings.time_to_live = values.key_cache_ttl;
    return settings;
}

vault::keyring_needs needs_of(config::role role) noexcept {
    vault::keyring_needs needs;
    needs.opens = role != config::role::keys;
    needs.signs = role != config::role::ai;
    return needs;
}

vault::keyring_place place_of_keyring(const config::configuration& values) noexcept {
    return values.is_cloud_run ? vault::keyring_place::volume : vault::keyring_place::disk;
}

} // namespace byot::app
