#include "api/application.hpp"

#include "api/json_answers.hpp"
#include "api/key_input.hpp"
#include "auth/bearer.hpp"
#include "auth/development_issuer.hpp"
#include "core/url.hpp"
#include "limits/client_address.hpp"
#include "telemetry/request_trace.hpp"

#include <fmt/ranges.h>

namespace byot::api {
namespace {

using http::field;
using http::response;

/// The host of an authority, without port and brackets.
std::string host_of(std::string_view authority) {
    if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
    return std::string(authority.substr(0, authority.find(':')));
}

http::rate_limit_state state_of(const limits::verdict& verdict) noexcept {
    return {verdict.limit.count, static_cast<std::uint32_t>(verdict.limit.period.count()), verdict.remaining,
            static_cast<std::uint32_t>(verdict.next_in.count())};
}

result<void> pass_or_refuse(const limits::verdict& verdict) {
    if (verdict.is_allowed) return {};
    return failure(reason::rate_limited).retry_after(verdict.next_in);
}

/// Whose request this is, by all lines of its X-Forwarded-For (`limits::client_address`).
limits::client client_of(const http::request_head& head, std::string_view peer, unsigned trusted_hops) {
    constexpr auto list = field::x_forwarded_for;
    if (!head.is_repeated(list)) return limits::client_address(peer, head.value(list), trusted_hops);
    return limits::client_address(peer, http::joined_lines(head, list), trusted_hops);
}

/// What its caller is told of that (`x-byot-client-address`), by `address`, which came of it.
std::string account_of_client(const http::request_head& head, std::string_view address,
                              unsigned trusted_hops) {
    const auto entries = limits::entry_count(http::joined_lines(head, field::x_forwarded_for));
    return limits::to_text({std::string(address), entries, trusted_hops});
}

/// Nothing here or behind this service decodes a body (RFC 9110 §8.4), so one that is in a content coding is
/// refused. "identity" is no coding (§12.5.3), and content of GET says nothing (§9.3.1). Failure:
/// `media_type_unsupported` with `acceptEncoding`.
result<void> check_content_coding(const http::request_head& head, const http::checked_head& checked,
                                  const route& row) {
    const bool has_content = row.takes != body_limit::none || !checked.body.is_finished();
    if (!has_content || row.method == "GET" || !head.has(field::content_encoding)) return {};
    const auto codings = http::count_elements(head, field::content_encoding, "identity");
    if (codings.equal == codings.all) return {};
    return failure(reason::media_type_unsupported,
                   "Send the body as it is: no content coding is taken, so leave Content-Encoding out.")
        .with("acceptEncoding", "identity");
}

} // namespace

application::application(application_parts parts, std::shared_ptr<const application_settings> settings)
    : parts_(std::move(parts)), settings_(std::move(settings)) {}

task<void> application::answer(http::exchange& exchange) {
    const auto host = check_host(exchange);
    if (host.has_error()) {
        co_await exchange.respond(host.error());
        co_return;
    }
    const auto single = check_token_field(exchange);
    if (single.has_error()) {
        co_await exchange.respond(single.error());
        co_return;
    }
    if (exchange.head().method() == "OPTIONS") {
        co_await answer_options(exchange);
        co_return;
    }
    const auto admitted = co_await admit(exchange);
    if (admitted.has_error()) {
        co_await exchange.respond(admitted.error());
        co_return;
    }
    const auto& match = admitted.value().match;
    if (match.row->what != endpoint::ask_flow) {
        co_await dispatch(exchange, admitted.value());
        co_return;
    }
    const auto asked = co_await ask_flow(exchange, match.rest);
    if (asked.has_error()) co_await exchange.respond(asked.error());
}

task<result<admitted_request>> application::admit(http::exchange& exchange) {
    const auto match = find_route(exchange.head().method(), exchange.checked().path, settings_->by);
    exchange.record().route = match.has_value() ? match.value().row->pattern : std::string_view("unknown");
    if (match.has_error() || is_limited(match.value().row->what)) {
        const auto limited = limit_address(exchange);
        if (limited.has_error()) co_return limited.error();
    }
    if (match.has_error()) co_return match.error();
    admitted_request admitted{match.value(), {}};
    if (match.value().row->needs_identity) {
        const auto signed_in_at = co_await authenticate(exchange);
        if (signed_in_at.has_error()) co_return signed_in_at.error();
        admitted.signed_in_at = signed_in_at.value();
        const auto decoded = check_content_coding(exchange.head(), exchange.checked(), *match.value().row);
        if (decoded.has_error()) co_return decoded.error();
    }
    co_return admitted;
}

/// `byot dev` trusts whoever can reach it, so a page that made its own name point here (DNS rebinding) must
/// not.
result<void> application::check_host(const http::exchange& exchange) const {
    if (!settings_->by.development || is_loopback(host_of(exchange.checked().host))) return {};
    return failure(reason::origin_forbidden, "The development server answers to loopback names only.");
}

/// As `http::check_head` refuses an Authorization that came twice: the gateway in front and this service
/// might take another of them each.
result<void> application::check_token_field(http::exchange& exchange) const {
    if (!exchange.head().is_repeated(settings_->token_field)) return {};
    exchange.must_close();
    return failure(reason::request_malformed,
                   std::string(name_of(settings_->token_field)) + " is there twice, and may be there once.");
}

result<void> application::limit_address(http::exchange& exchange) {
    auto& record = exchange.record();
    auto client = client_of(exchange.head(), record.remote, settings_->trusted_hops);
    record.remote = std::move(client.address);
    record.forwarding_fault = name_of(client.fault);
    if (!parts_.limits.limits_addresses()) return {};
    const auto verdict = parts_.limits.take_address(limits::bucket_name(record.remote), steady_now());
    exchange.rate_limits().address = state_of(verdict);
    auto passed = pass_or_refuse(verdict);
    if (passed.has_error()) record.limit = "address";
    return passed;
}

task<result<wall_time>> application::authenticate(http::exchange& exchange) {
    const auto token = auth::bearer_token(exchange.head().value(settings_->token_field));
    if (token.has_error()) co_return token.error();
    auto& record = exchange.record();
    telemetry::scoped_span span(record.trace.get(), "token");
    const auto now = wall_now();
    wall_time signed_in_at;
    if (const auto* known = parts_.verifier.remembered(token.value(), now)) {
        record.user = known->user;
        record.token = "remembered";
        signed_in_at = known->signed_in_at;
    } else {
        const auto verified = co_await parts_.verifier.verify(token.value(), now);
        if (verified.has_error()) {
            span.fail(describe(verified.error().why()).name);
            co_return verified.error();
        }
        record.user = verified.value().user;
        signed_in_at = verified.value().signed_in_at;
    }
    span.end();
    if (!parts_.limits.limits_users()) co_return signed_in_at;
    const auto verdict = parts_.limits.take_user(record.user, steady_now());
    exchange.rate_limits().user = state_of(verdict);
    const auto passed = pass_or_refuse(verdict);
    if (passed.has_error()) {
        record.limit = "user";
        co_return passed.error();
    }
    co_return signed_in_at;
}

task<void> application::answer_options(http::exchange& exchange) {
    exchange.record().route = "preflight";
    const auto path = exchange.checked().path;
    auto allowed =
        path == "*" ? std::string("GET, HEAD, POST, DELETE, OPTIONS") : allowed_methods(path, settings_->by);
    if (allowed.empty()) {
        co_await exchange.respond(failure(reason::route_unknown));
    } else if (http::cors_policy::is_preflight(exchange.head())) {
        exchange.carry(settings_->cors->preflight_fields_for(exchange.head().value(field::origin)));
        auto preflight = settings_->cors->preflight(exchange.head(), allowed);
        if (preflight.has_error()) {
            co_await exchange.respond(preflight.error());
        } else {
            co_await exchange.respond(std::move(preflight.value()));
        }
    } else {
        response answer(204, {});
        answer.fields.emplace_back("Allow", std::move(allowed));
        co_await exchange.respond(std::move(answer));
    }
}

task<void> application::dispatch(http::exchange& exchange, admitted_request admitted) {
    const auto match = admitted.match;
    result<response> answer = failure(reason::internal);
    if (is_about_keys(match.row->what)) {
        exchange.add_field(
            "x-byot-client-address",
            account_of_client(exchange.head(), exchange.record().remote, settings_->trusted_hops));
        const auto taken = check_key_input(match.row->what, exchange.head(), exchange.checked().query);
        if (taken.has_error()) {
            co_await exchange.respond(taken.error());
            co_return;
        }
    }
    switch (match.row->what) {
    case endpoint::save_key:
        answer = co_await save_key(exchange, admitted.signed_in_at);
        break;
    case endpoint::remove_key:
        answer = co_await remove_key(exchange, admitted.signed_in_at);
        break;
    case endpoint::key_status:
        answer = co_await key_status(exchange);
        break;
    case endpoint::public_key:
        answer = co_await public_key(exchange);
        break;
    case endpoint::check_key:
        answer = co_await check_key(exchange);
        break;
    case endpoint::live:
        answer = json_answer(R"({"status":"live"})");
        break;
    case endpoint::ready:
        answer = co_await ready(exchange);
        break;
    case endpoint::openapi:
        answer = json_answer(settings_->openapi);
        break;
    case endpoint::docs_page:
    case endpoint::console_page:
    case endpoint::page_asset:
        answer = find_page(exchange.checked().path, settings_->content_security_policy);
        break;
    case endpoint::development_token:
        answer = co_await development_token(exchange);
        break;
    case endpoint::development_certificates:
        answer = json_answer(settings_->issuer->certificates());
        break;
    case endpoint::ask_flow:
        break;
    }
    if (answer.has_error()) {
        co_await exchange.respond(answer.error());
    } else {
        co_await exchange.respond(std::move(answer.value()));
    }
}

result<std::string_view> application::known_provider(std::optional<std::string_view> name) const {
    if (!name) return std::string_view(settings_->providers.front());
    for (const auto& known : settings_->providers) {
        if (known == *name) return std::string_view(known);
    }
    // The name that was given is not repeated: it may be a key that was put in the wrong place.
    return failure(reason::provider_unknown,
                   fmt::format("This service takes no keys for that provider, but for: {}.",
                               fmt::join(settings_->providers, ", ")));
}

} // namespace byot::api
