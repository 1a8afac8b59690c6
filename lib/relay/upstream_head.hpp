#pragma once

#include "core/user_id.hpp"
#include "http/body_framing.hpp"
#include "http/flat_buffer.hpp"
#include "http/request_head.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::relay {

/// Where requests go: BYOT_GENKIT_URL taken apart.
struct upstream_address {
    std::string authority; ///< for Host
    std::string prefix;    ///< path in front of every request's, without a trailing '/'
};

/// What this service adds to a request (README, the contract with flows). The views must outlive it.
struct upstream_additions {
    std::string_view api_key;
    std::string_view provider;
    const user_id* who = nullptr;
    std::string_view request_id;
    /// What goes upstream as Authorization: the user's, whichever field it came in. Empty when there is none.
    std::string_view authorization;
    /// The client's stream id, checked and without its signature; empty when it sent none.
    std::string_view stream_id;
    /// A Google identity token for the upstream, or empty.
    std::string_view serverless_token;
    /// In place of the client's, which is its parent then; or empty.
    std::string_view traceparent;
    /// The length to say in place of `Transfer-Encoding: chunked`, when all of the body is at hand.
    std::optional<std::uint64_t> whole_length;
};

/// Writes the head that goes upstream: the target under the prefix, its path with what a client left raw
/// percent-encoded; the fields of the allow-list as the client sent them, byte for byte, several lines of a
/// list joined by ", " (RFC 9110 §5.3); and the additions. Nothing else of the client's passes. False when it
/// does not fit.
bool write_upstream_head(http::flat_buffer& out, const upstream_address& to, std::string_view path,
                         std::string_view query, const http::request_head& head,
                         const http::body_framing& body, const upstream_additions& additions);

} // namespace byot::relay
