#pragma once

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Why something expected to fail sometimes did: a reason of the table, a sentence for a person, and facts
/// about it. Nothing a client sent is ever put in: a client may have put a key there.
class failure {
public:
    /// INTERNAL. Only here because `result<T>::error()` of Boost 1.81 wants one.
    failure() : why_(reason::internal) {}
    failure(reason why) : why_(why) {} ///< with the table's sentence
    failure(reason why, std::string message) : why_(why), message_(std::move(message)) {}

    /// Adds a fact for programs (`metadata` of google.rpc.ErrorInfo).
    failure&& with(std::string name, std::string value) &&;
    /// Overrides the table's Retry-After.
    failure&& retry_after(std::chrono::seconds wait) &&;

    reason why() const noexcept { return why_; } ///< the row of the table
    /// The sentence given, else the table's.
    std::string_view message() const noexcept;
    const std::vector<std::pair<std::string, std::string>>& metadata() const noexcept { return metadata_; }
    /// Zero when the answer carries no Retry-After.
    std::chrono::seconds retry_after() const noexcept;

private:
    reason why_;
    std::string message_;
    std::vector<std::pair<std::string, std::string>> metadata_;
    std::chrono::seconds retry_after_{-1};
};

/// Called by `result<T>::value()` on a failure: nobody should.
[[noreturn]] void throw_exception_from_error(const failure& error, const boost::source_location& where);

/// A value, or the failure that took its place.
template <class T>
using result = boost::system::result<T, failure>;

} // namespace byot
