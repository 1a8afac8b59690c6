// Flows: the user's key and the request go to Genkit.
#include "api/application.hpp"
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

} // namespace

task<void> application::ask_flow(http::exchange& exchange, std::string_view path) {
    const auto& who = exchange.record().user;
    auto choice = read_choice(exchange.head(), who, parts_.vault);
    if (choice.has_error() && choice.error().why() == reason::stream_not_yours) {
        // Another instance may have signed it under an entry that this one has not met yet.
        co_await parts_.vault.refresh_ring();
        choice = read_choice(exchange.head(), who, parts_.vault);
    }
    if (choice.has_error()) {
        co_await exchange.respond(choice.error());
        co_return;
    }
    const auto provider = known_provider(choice.value().provider);
    if (provider.has_error()) {
        co_await exchange.respond(provider.error());
        co_return;
    }
    exchange.record().provider = provider.value();
    const auto counted = parts_.limits.begin_stream(who);
    if (!counted) {
        co_await exchange.respond(failure(reason::too_many_streams));
        co_return;
    }
    const auto carried = co_await carry_to_flow(exchange, path, provider.value(), choice.value().stream_id);
    if (carried.has_error()) co_await exchange.respond(carried.error());
}

task<result<void>> application::carry_to_flow(http::exchange& exchange, std::string_view path,
                                              std::string_view provider, std::string_view stream_id) {
    const auto& who = exchange.record().user;
    vault::requested_key key(parts_.vault, key_slots_, who, provider);
    // A user without a key is told so, whether or not the upstream can be reached; `relay` looks again.
    if (!key.is_current()) {
        const auto opened = co_await key.open();
        if (opened.has_error()) co_return opened.error();
    }
    const auto identity = co_await own_identity();
    if (identity.has_error()) co_return identity.error();
    relay::relay_request request;
    request.path = path;
    request.provider = provider;
    request.who = &who;
    request.key = &key;
    request.authorization = exchange.head().value(settings_->token_field);
    request.stream_id = stream_id;
    if (identity.value()) request.serverless_token = identity.value()->expose();
    const auto answer = co_await parts_.relay->carry(exchange, request);
    if (answer.has_error()) co_return answer.error();
    if (const auto told = answer.value().key_state) {
        parts_.vault.note_state(who, provider, key.credential_id(), *told, wall_now());
    }
    co_return result<void>();
}

/// The token for the upstream, or null when it wants none.
task<result<std::shared_ptr<const secret>>> application::own_identity() {
    if (!parts_.upstream_identity) co_return std::shared_ptr<const secret>();
    auto identity = co_await parts_.upstream_identity();
    if (identity.has_error()) {
        co_return failure(reason::upstream_unreachable,
                          "This service cannot identify itself to the flows' server at the moment.");
    }
    co_return std::move(identity.value());
}

} // namespace byot::api
