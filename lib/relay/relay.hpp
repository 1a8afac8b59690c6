#pragma once

#include "core/secret.hpp"
#include "core/user_id.hpp"
#include "http/exchange.hpp"
#include "net/connection_pool.hpp"
#include "relay/upstream_head.hpp"
#include "vault/key_record.hpp"
#include "vault/live_keyring.hpp"
#include "vault/requested_key.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace byot::relay {

/// Where flows are and how long they may take (BYOT_GENKIT_URL, BYOT_CONNECT_TIMEOUT …).
struct relay_settings {
    origin upstream;
    upstream_address address;
    std::chrono::milliseconds connect{3000};
    std::chrono::milliseconds first_byte{300000};
    std::chrono::milliseconds stream_idle{120000};
    std::chrono::milliseconds request{900000};
    std::chrono::milliseconds client_body{30000};
    std::uint64_t max_body = 8 * 1024 * 1024;
};

/// One request to carry. The views stay valid until `carry` is done.
struct relay_request {
    std::string_view path; ///< behind /api/ai/
    std::string_view provider;
    const user_id* who = nullptr;
    vault::requested_key* key = nullptr; ///< gone as soon as it is on its way; never null in `carry`
    std::string_view authorization;      ///< the user's, as it came
    std::string_view stream_id;          ///< checked, without its signature; or empty
    std::string_view serverless_token;   ///< or empty
    std::string_view traceparent;        ///< in place of the client's; or empty
};

/// This service's own identity towards an upstream that wants one (BYOT_GENKIT_AUDIENCE).
class upstream_identity {
public:
    /// A token that is good now, in locked memory.
    virtual task<result<std::shared_ptr<const secret>>> token() = 0;

protected:
    ~upstream_identity() = default;
};

/// What became of a request that got as far as an answer.
struct relay_answer {
    /// x-byot-key-state of the upstream, in its head or in the error that its stream ended with.
    std::optional<vault::key_state> key_state;
};

/// Carries requests to the upstream and its answers back, on one reactor: raw bytes both ways, each upstream
/// write forwarded at once, the upstream's connection closed as soon as the client is gone, and a stream that
/// is cut short ended with exactly one error frame.
class relay {
public:
    relay(net::connection_pool& pool, relay_settings settings, const vault::live_keyring& keyring);

    /// Answers the exchange, or gives the failure to answer with when nothing has been sent to the client
    /// yet: what opening the key fails with, `upstream_unreachable`, `upstream_timeout`, `upstream_invalid`,
    /// `body_too_large`, `request_malformed`, `request_timeout`, `shutting_down`.
    task<result<relay_answer>> carry(http::exchange& exchange, const relay_request& request);

    /// Whether the upstream takes connections.
    task<bool> probe();

private:
    /// A connection to send on, and the key looked at last: both are good until the next suspension. None
    /// when the client has gone.
    task<result<net::lease>> upstream_for(http::exchange& exchange, const relay_request& request);
    /// Waits a moment for the rest of a chunked body, as long as there is room for it behind the head: many
    /// servers read a length only, and clients send the last chunk on its own. What does not come in time
    /// goes on as it comes, since a flow may answer before it has all.
    task<void> collect_body(http::exchange& exchange) const;
    /// Connects, and looks at the key again after the wait for it.
    task<result<net::lease>> connect(http::exchange& exchange, vault::requested_key& key);

    net::connection_pool& pool_;
    relay_settings settings_;
    const vault::live_keyring& keyring_;
};

} // namespace byot::relay
