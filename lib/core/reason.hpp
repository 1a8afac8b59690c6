#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace byot {

/// Everything that can be answered instead of a success. The order is the table's.
enum class reason : std::uint8_t {
    token_missing,
    token_invalid,
    token_expired,
    token_revoked,
    origin_forbidden,
    stream_not_yours,
    route_unknown,
    method_not_allowed,
    request_malformed,
    body_invalid,
    field_invalid,
    provider_unknown,
    key_rejected_by_provider,
    key_required,
    key_expired,
    key_undecryptable,
    request_timeout,
    body_too_large,
    media_type_unsupported,
    headers_too_large,
    rate_limited,
    too_many_streams,
    internal,
    store_unavailable,
    identity_unavailable,
    overloaded,
    shutting_down,
    upstream_unreachable,
    upstream_invalid,
    upstream_timeout,
};

/// One row of the error table: what a client sees for a reason.
struct reason_row {
    reason why;
    std::string_view name;            ///< as in ErrorInfo.reason, "TOKEN_EXPIRED"
    unsigned http_status;             ///< 400 … 504
    std::string_view rpc_status;      ///< google.rpc.Code by name, "UNAUTHENTICATED"
    std::string_view message;         ///< one sentence for a person
    std::chrono::seconds retry_after; ///< sent as Retry-After unless zero
};

/// The row of a reason.
const reason_row& describe(reason why) noexcept;

/// The whole table, in the order of the enumeration.
std::span<const reason_row> reason_table() noexcept;

} // namespace byot
