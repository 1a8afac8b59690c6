#include "relay/relay.hpp"

#include "relay/transfer.hpp"

namespace byot::relay {
namespace {

using net::receive_outcome;

/// How often a key that changed during the wait for a connection is opened anew.
constexpr int most_looks = 8;

/// For the chunks of a body that its client has at hand; a deadline is met up to a sweep late.
constexpr std::chrono::milliseconds patience_for_chunks{100};

} // namespace

relay::relay(net::connection_pool& pool, relay_settings settings, const vault::live_keyring& keyring)
    : pool_(pool), settings_(std::move(settings)), keyring_(keyring) {}

task<result<relay_answer>> relay::carry(http::exchange& exchange, const relay_request& request) {
    auto upstream = co_await upstream_for(exchange, request);
    if (upstream.has_error()) co_return upstream.error();
    if (!upstream.value()) {
        http::response_stream(exchange).leave();
        co_return relay_answer();
    }
    transfer moving(exchange, request, settings_, keyring_, std::move(upstream.value()));
    const auto written = moving.write_request();
    if (written.has_error()) co_return written.error();
    co_await moving.send_request(written.value());
    moving.on_request_sent();
    if (moving.has_upload()) {
        bool may_continue = true;
        if (exchange.expects_continue()) may_continue = co_await exchange.send_continue();
        moving.on_continue_sent(may_continue);
        moving.begin_upload();
    }
    conversation_step next;
    for (;;) {
        if (next.ends_upstream) moving.end_upstream();
        if (next.what == conversation_step::act::receive) {
            const auto outcome = co_await moving.receive(next);
            next = moving.on_received(outcome);
        } else if (next.what == conversation_step::act::send) {
            bool is_sent = true;
            if (moving.has_bytes()) is_sent = co_await moving.send();
            next = moving.on_sent(next, is_sent);
        } else {
            co_return moving.end(std::move(next));
        }
    }
}

task<result<net::lease>> relay::upstream_for(http::exchange& exchange, const relay_request& request) {
    if (exchange.body().length().value_or(0) > settings_.max_body) {
        exchange.must_close();
        co_return failure(reason::body_too_large);
    }
    if (exchange.body().is_chunked()) co_await collect_body(exchange);
    auto upstream = pool_.take_idle(settings_.upstream);
    if (!upstream || !request.key->is_current()) {
        upstream.give_back();
        auto connected = co_await connect(exchange, *request.key);
        if (connected.has_error()) co_return connected.error();
        upstream = std::move(connected.value());
    }
    if (!exchange.is_client_open()) {
        upstream.give_back();
        co_return net::lease();
    }
    if (exchange.is_drained()) {
        upstream.give_back();
        co_return failure(reason::shutting_down);
    }
    co_return std::move(upstream);
}

task<void> relay::collect_body(http::exchange& exchange) const {
    auto body = exchange.body();
    std::size_t seen = 0;
    const auto limit = steady_now() + patience_for_chunks;
    for (;;) {
        auto step = body.next(exchange.body_bytes().substr(seen));
        while (step.what == http::framing_step::kind::piece) {
            seen += step.used;
            step = body.next(exchange.body_bytes().substr(seen));
        }
        seen += step.used;
        const bool may_be_whole_yet = step.what == http::framing_step::kind::need_more &&
                                      exchange.has_room_for_body() &&
                                      body.content_seen() <= settings_.max_body;
        if (!may_be_whole_yet) break;
        if (exchange.expects_continue()) {
            const bool is_told = co_await exchange.send_continue();
            if (!is_told) break;
        }
        const auto outcome = co_await exchange.receive_body(limit);
        if (outcome != receive_outcome::arrived) break;
    }
    exchange.stop_waiting();
}

// The connection is idle while the store is read, so that it is closed by neither side under this request.
task<result<net::lease>> relay::connect(http::exchange& exchange, vault::requested_key& key) {
    for (int looks = 0; looks < most_looks; ++looks) {
        auto upstream = pool_.take_idle(settings_.upstream);
        if (!upstream) {
            const auto limit = exchange.home().coarse_now() + settings_.connect;
            auto opened = co_await pool_.acquire(settings_.upstream, limit);
            if (opened.has_error()) co_return opened.error();
            upstream = std::move(opened.value());
        }
        if (key.is_current()) co_return std::move(upstream);
        upstream.give_back();
        const auto opened = co_await key.open();
        if (opened.has_error()) co_return opened.error();
    }
    co_return failure(reason::store_unavailable);
}

task<bool> relay::probe() {
    auto leased = co_await pool_.acquire(settings_.upstream, steady_now() + std::chrono::seconds(1));
    if (leased.has_error()) co_return false;
    leased.value().give_back();
    co_return true;
}

} // namespace byot::relay
