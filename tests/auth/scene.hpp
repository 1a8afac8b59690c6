#pragma once

#include "auth/certificate_source.hpp"
#include "auth/firebase_verifier.hpp"
#include "auth/forge.hpp"
#include "auth/little_server.hpp"
#include "net/connection_pool.hpp"
#include "net/fixture.hpp"

/// A certificates address, the reactor that fetches from it, and what tests ask of both.
struct scene : byot::net::testing::reactor_fixture {
    little_server server{{200, forge::both_certificates()}};
    byot::net::connector connector{home, byot::net::make_client_tls()};
    byot::net::connection_pool pool{home, connector};
    byot::auth::certificate_source source{home, pool, server.address()};

    using keys_answer = byot::result<std::shared_ptr<const byot::auth::public_keys>>;

    /// What the source says for this kid so long after the start.
    keys_answer ask(std::string kid, std::chrono::milliseconds at) {
        std::optional<keys_answer> got;
        run(ask_into(got, std::move(kid), at));
        return std::move(*got);
    }
    bool has(const std::string& kid, std::chrono::milliseconds at) {
        const auto keys = ask(kid, at);
        return keys && (*keys)->contains(kid);
    }
    bool is_unavailable(const std::string& kid, std::chrono::milliseconds at) {
        const auto keys = ask(kid, at);
        return !keys && keys.error().why() == byot::reason::identity_unavailable;
    }

    /// "OK", or the reason's name.
    std::string verify(byot::auth::token_verifier& verifier, const std::string& token,
                       std::chrono::milliseconds at = std::chrono::milliseconds(0)) {
        std::string outcome;
        run(verify_into(outcome, verifier, token, forge::now + at));
        return outcome;
    }

    static byot::task<void> verify_into(std::string& outcome, byot::auth::token_verifier& verifier,
                                        const std::string& token, byot::wall_time at) {
        const auto verified = co_await verifier.verify(token, at);
        outcome = verified ? "OK" : std::string(byot::describe(verified.error().why()).name);
    }

private:
    byot::task<void> ask_into(std::optional<keys_answer>& got, std::string kid,
                              std::chrono::milliseconds at) {
        auto keys = co_await source.keys_for(home, std::move(kid), forge::now + at);
        got.emplace(std::move(keys));
    }
};
