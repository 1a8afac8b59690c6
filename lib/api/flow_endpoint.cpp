// Flows: the user's key and the request go to Genkit.
#include "api/application.hpp"
#include "telemetry/request_trace.hpp"
#include "vault/stream_ids.hpp"

namespace byot::api {
namespace {

using http::field;

/// What a request says about whose stream and which key.
struct flow_choice {
    std::optional<std::string_view> provider;
    std::string_view stream_id; ///< without its signature
};

result<flow_choice> read_choice(const http::request_head& head, const user_id& who,
                                const vault::vault& keys) {
    flow_choice choice;
    if (head.has(field::x_byot_provider)) choice.provider = head.value(field::x_byot_provider);
    if (!head.has(field::x_genkit_stream_id)) return choice;
    const auto ring = keys.ring();
    const auto id = vault::check_stream_id(*ring, who, head.value(field::x_genkit_stream_id));
    if (!id) return failure(reason::stream_not_yours);
    choice.stream_id = *id;
    return choice;
}

failure unidentified() {
    return {reason::upstream_unreachable,
            "This service cannot identify itself to the flows' server at the moment."};
}

} // namespace

task<result<void>> application::ask_flow(http::exchange& exchange, std::string_view path) {
    auto& record = exchange.record();
    const auto& who = record.user;
    auto choice = read_choice(exchange.head(), who, parts_.vault);
    if (choice.has_error() && choice.error().why() == reason::stream_not_yours) {
        // Another instance may have signed it under an entry that this one has not met yet.
        co_await parts_.vault.refresh_ring();
        choice = read_choice(exchange.head(), who, parts_.vault);
    }
    if (choice.has_error()) co_return choice.error();
    const auto provider = known_provider(choice.value().provider);
    if (provider.has_error()) co_return provider.error();
    record.provider = provider.value();
    const auto counted = parts_.limits.begin_stream(who);
    if (!counted) {
        record.limit = "streams";
        co_return failure(reason::too_many_streams);
    }
    vault::requested_key key(parts_.vault, key_slots_, who, provider.value());
    // A user without a key is told so, whether or not the upstream can be reached; `relay` looks again.
    record.key_lookup = key.is_current() ? "hit" : "miss";
    if (record.key_lookup == "miss") {
        telemetry::scoped_span span(record.trace.get(), "key");
        const auto opened = co_await key.open();
        if (opened.has_error()) {
            span.fail(describe(opened.error().why()).name);
            co_return opened.error();
        }
    }
    std::shared_ptr<const secret> own;
    if (parts_.upstream_identity) {
        auto identity = co_await parts_.upstream_identity->token();
        if (identity.has_error()) co_return unidentified();
        own = std::move(identity.value());
    }
    auto request = request_for(exchange, path, choice.value().stream_id);
    request.provider = provider.value();
    request.key = &key;
    if (own) request.serverless_token = own->expose();
    telemetry::scoped_span span(record.trace.get(), "POST", telemetry::span_kind::client);
    const auto traceparent = span.traceparent();
    request.traceparent = traceparent;
    const auto answer = co_await parts_.relay->carry(exchange, request);
    if (record.first_byte.count() > 0)
        span.add("byot.upstream.first_byte_us", static_cast<unsigned>(record.first_byte.count()));
    if (answer.has_error()) {
        span.fail(describe(answer.error().why()).name);
        co_return answer.error();
    }
    if (const auto told = answer.value().key_state) {
        record.verdict = vault::name_of(*told);
        parts_.vault.note_state(who, provider.value(), key.credential_id(), *told, wall_now());
    }
    co_return result<void>();
}

relay::relay_request application::request_for(http::exchange& exchange, std::string_view path,
                                              std::string_view stream_id) const {
    relay::relay_request request;
    request.path = path;
    request.who = &exchange.record().user;
    request.authorization = exchange.head().value(settings_->token_field);
    request.stream_id = stream_id;
    return request;
}

} // namespace byot::api
