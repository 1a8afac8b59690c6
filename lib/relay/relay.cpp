#include "relay/relay.hpp"

#include "relay/conversation.hpp"

namespace byot::relay {
namespace {

// How often a key that changed during the wait for a connection is opened anew.
constexpr int most_looks = 8;

} // namespace

relay::relay(net::connection_pool& pool, relay_settings settings, const vault::live_keyring& keyring)
    : pool_(pool), settings_(std::move(settings)), keyring_(keyring) {}

task<result<relay_answer>> relay::carry(http::exchange& exchange, const relay_request& request) {
    if (exchange.body().length().value_or(0) > settings_.max_body) {
        exchange.must_close();
        co_return failure(reason::body_too_large);
    }
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
