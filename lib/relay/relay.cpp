#include "relay/relay.hpp"

#include "relay/conversation.hpp"

namespace byot::relay {
namespace {

// How often a key that changed during the wait for a connection is opened anew.
constexpr int most_looks = 8;

// For the chunks of a body that its client has at hand; a deadline is met up to a sweep late.
constexpr std::chrono::milliseconds patience_for_chunks{100};

} // namespace

relay::relay(net::connection_pool& pool, relay_settings settings, const vault::live_keyring& keyring)
    : pool_(pool), settings_(std::move(settings)), keyring_(keyring) {}

task<result<relay_answer>> relay::carry(http::exchange& exchange, const relay_request& request) {
    if (exchange.body().length().value_or(0) > settings_.max_body) {
        exchange.must_close();
        co_return failure(reason::body_too_large);
    }
    if (exchange.body().is_chunked()) co_await collect_body(exchange);
    auto upstream = pool_.take_idle(settings_.upstream);
    if (!upstream || !request.key->is_current()) {
        upstream.give_back();
        auto leased = co_await lease_for(exchange, *request.key);
        if (leased.has_error()) co_return leased.error();
        upstream = std::move(leased.value());
    }
    if (!exchange.client().is_open()) {
        upstream.give_back();
        exchange.record().outcome = "client_gone";
        exchange.must_close();
        exchange.client().close();
        co_return relay_answer();
    }
    if (exchange.is_drained()) {
        upstream.give_back();
        co_return failure(reason::shutting_down);
    }
    conversation talk(exchange, request, settings_, keyring_, std::move(upstream));
    co_return co_await talk.run();
}

task<void> relay::collect_body(http::exchange& exchange) const {
    auto& client = exchange.client();
    auto body = exchange.body();
    auto seen = exchange.head().size();
    client.expire_at(steady_now() + patience_for_chunks);
    for (;;) {
        auto step = body.next(client.received().substr(seen));
        while (step.what == http::framing_step::kind::piece) {
            seen += step.used;
            step = body.next(client.received().substr(seen));
        }
        seen += step.used;
        const bool may_be_whole_yet = step.what == http::framing_step::kind::need_more &&
                                      client.received().size() < client.capacity() &&
                                      body.content_seen() <= settings_.max_body;
        if (!may_be_whole_yet) break;
        if (exchange.expects_continue()) {
            const bool is_told = co_await exchange.send_continue();
            if (!is_told) break;
        }
        const auto outcome = co_await client.receive();
        if (outcome != net::receive_outcome::arrived) break;
    }
    client.never_expire();
}

// The connection is idle while the store is read, so that it is closed by neither side under this request.
task<result<net::lease>> relay::lease_for(http::exchange& exchange, vault::requested_key& key) {
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
