// Keys: save, remove, status, public key, and a key tried at its provider.
#include "api/application.hpp"
#include "api/json_answers.hpp"
#include "api/key_input.hpp"
#include "core/encoding.hpp"
#include "core/json.hpp"
#include "telemetry/request_trace.hpp"

#include <algorithm>

namespace byot::api {
namespace {

constexpr std::chrono::seconds patience_with_identity{5};

/// application/json, with or without parameters (RFC 9110 §8.3.1).
bool is_json(std::string_view content_type) noexcept {
    auto type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
    return equals_ignoring_case(type, "application/json");
}

/// The user's record for the provider, as it is stored now. Failure: `key_required`.
result<vault::key_record> pick_record(const std::vector<vault::key_record>& records,
                                      std::string_view provider) {
    const auto found = std::find_if(records.begin(), records.end(),
                                    [&](const vault::key_record& each) { return each.provider == provider; });
    if (found != records.end()) return *found;
    return failure(reason::key_required).with("provider", std::string(provider));
}

} // namespace

task<result<http::response>> application::save_key(http::exchange& exchange, wall_time signed_in_at) {
    auto read = co_await read_save_request(exchange);
    if (read.has_error()) co_return read.error();
    auto& request = read.value();
    const auto& who = exchange.record().user;
    const auto api_key = co_await parts_.vault.examine(who, request, wall_now());
    if (api_key.has_error()) co_return api_key.error();
    const auto session = co_await check_session(who, signed_in_at);
    if (session.has_error()) co_return session.error();
    const auto tried = co_await try_key(request.provider, api_key.value().expose());
    if (tried.has_error()) {
        exchange.record().verdict = name_of(vault::key_state::rejected);
        co_return tried.error();
    }
    if (tried.value()) {
        request.state = state_after(*tried.value(), vault::key_state::unverified);
        exchange.record().verdict = name_of(request.state);
    }
    const auto now = wall_now();
    telemetry::scoped_span span(exchange.record().trace.get(), "save");
    const auto saved = co_await parts_.vault.save(who, std::move(request), now);
    span.end();
    if (saved.has_error()) co_return saved.error();
    co_return checked_key_answer(saved.value(), tried.value(), now);
}

task<result<vault::save_request>> application::read_save_request(http::exchange& exchange) {
    if (!is_json(exchange.head().value(http::field::content_type)))
        co_return failure(reason::media_type_unsupported);
    const auto body = co_await exchange.read_body(settings_->max_key_body);
    if (body.has_error()) co_return body.error();
    auto read = read_key_body(body.value());
    if (read.has_error()) co_return read.error();
    const auto provider = known_provider(read.value().provider);
    if (provider.has_error()) co_return provider.error();
    exchange.record().provider = provider.value();
    auto request = std::move(read.value().request);
    request.provider = provider.value();
    co_return request;
}

task<result<http::response>> application::remove_key(http::exchange& exchange, wall_time signed_in_at) {
    const auto provider = queried_provider(exchange);
    if (provider.has_error()) co_return provider.error();
    const auto bare = co_await expect_no_body(exchange, endpoint::remove_key);
    if (bare.has_error()) co_return bare.error();
    const auto& who = exchange.record().user;
    const auto session = co_await check_session(who, signed_in_at);
    if (session.has_error()) co_return session.error();
    std::string which(provider.value());
    const auto removed = co_await parts_.vault.remove(who, std::move(which));
    if (removed.has_error()) co_return removed.error();
    co_return private_answer(removed.value() ? R"({"removed":true})" : R"({"removed":false})");
}

result<std::string_view> application::queried_provider(http::exchange& exchange) const {
    const auto named = query_parameter(exchange.checked().query, "provider");
    if (named.has_error()) return named.error();
    const auto provider = known_provider(named.value());
    if (provider.has_value()) exchange.record().provider = provider.value();
    return provider;
}

task<result<void>> application::expect_no_body(http::exchange& exchange, endpoint what) {
    if (exchange.body().is_finished()) co_return result<void>();
    if (!exchange.body().is_chunked()) co_return unexpected_body(what);
    const auto body = co_await exchange.read_body(settings_->max_key_body);
    const bool is_long = body.has_error() && body.error().why() == reason::body_too_large;
    if (is_long || (body.has_value() && !body.value().empty())) co_return unexpected_body(what);
    if (body.has_error()) co_return body.error();
    co_return result<void>();
}

task<result<void>> application::check_session(user_id user, wall_time signed_in_at) {
    if (!parts_.revocation) co_return result<void>();
    auth::identity who;
    who.user = std::move(user);
    who.signed_in_at = signed_in_at;
    co_return co_await parts_.revocation->check(who, steady_now() + patience_with_identity);
}

task<result<http::response>> application::key_status(http::exchange& exchange) {
    const auto bare = co_await expect_no_body(exchange, endpoint::key_status);
    if (bare.has_error()) co_return bare.error();
    const auto records = co_await parts_.vault.list(exchange.record().user);
    if (records.has_error()) co_return records.error();
    co_return private_answer(key_status_object(records.value(), wall_now()));
}

task<result<http::response>> application::public_key(http::exchange& exchange) {
    const auto bare = co_await expect_no_body(exchange, endpoint::public_key);
    if (bare.has_error()) co_return bare.error();
    const auto ring = parts_.vault.ring();
    const auto& entry = ring->newest();
    std::string json = "{\"keyId\":";
    append_json_string(json, entry.id);
    json += ",\"publicKey\":";
    append_json_string(json, base64_encode(entry.box_public));
    json += ",\"algorithm\":\"libsodium-sealed-box\"}";
    co_return private_answer(std::move(json));
}

task<result<std::optional<providers::verdict>>> application::try_key(std::string_view provider,
                                                                     std::string_view api_key) {
    using tried = std::optional<providers::verdict>;
    const bool can_be_tried = !api_key.empty() && parts_.key_check.knows(provider);
    if (!settings_->tries_saved_keys || !can_be_tried) co_return tried();
    const auto limit = steady_now() + providers::key_check::patience;
    const auto said = co_await parts_.key_check.check(provider, api_key, limit);
    if (said == providers::verdict::refused) {
        co_return failure(reason::key_rejected_by_provider).with("provider", std::string(provider));
    }
    co_return tried(said);
}

task<result<http::response>> application::check_key(http::exchange& exchange) {
    const auto provider = queried_provider(exchange);
    if (provider.has_error()) co_return provider.error();
    const auto bare = co_await expect_no_body(exchange, endpoint::check_key);
    if (bare.has_error()) co_return bare.error();
    const auto& who = exchange.record().user;
    const auto tried = co_await try_stored_key(who, provider.value());
    if (tried.has_error()) co_return tried.error();
    exchange.record().verdict = name_of(state_after(tried.value().said, vault::key_state::unverified));
    const auto records = co_await parts_.vault.list(who);
    if (records.has_error()) co_return records.error();
    const auto stored = pick_record(records.value(), provider.value());
    if (stored.has_error()) co_return stored.error();
    std::optional<providers::verdict> said;
    if (stored.value().credential_id == tried.value().credential_id) said = tried.value().said;
    co_return checked_key_answer(stored.value(), said, wall_now());
}

task<result<application::tried_key>> application::try_stored_key(const user_id& who,
                                                                 std::string_view provider) {
    const auto slot = key_slots_.take();
    std::string which(provider);
    const auto opened = co_await parts_.vault.open_stored(who, which, wall_now(), slot.bytes());
    if (opened.has_error()) co_return opened.error();
    const auto& [credential_id, state, size, validity] = opened.value();
    const std::string_view api_key(slot.bytes().data(), size);
    const auto limit = steady_now() + providers::key_check::patience;
    // A key that was removed or replaced while the provider is connected to is not sent any more.
    std::function<bool()> is_unchanged = [this, &who, epoch = validity.epoch] {
        return parts_.vault.epoch_of(who) == epoch;
    };
    tried_key tried;
    tried.said = co_await parts_.key_check.check(provider, api_key, limit, std::move(is_unchanged));
    tried.credential_id = credential_id;
    if (tried.said == providers::verdict::unreachable) co_return tried;
    const auto after = state_after(tried.said, state);
    const auto changed =
        co_await parts_.vault.change_state(who, std::move(which), credential_id, after, wall_now());
    if (changed.has_error()) co_return changed.error();
    co_return tried;
}

} // namespace byot::api
