#include "core/failure.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>

namespace byot {
namespace {

using std::chrono::seconds;

constexpr auto never = seconds(0);

constexpr std::array table{
    reason_row{reason::token_missing, "TOKEN_MISSING", 401, "UNAUTHENTICATED",
               "Sign in: the request carries no bearer token.", never},
    reason_row{reason::token_invalid, "TOKEN_INVALID", 401, "UNAUTHENTICATED",
               "Sign in again: the token is not a valid identity for this service.", never},
    reason_row{reason::token_expired, "TOKEN_EXPIRED", 401, "UNAUTHENTICATED",
               "Refresh the token: it has expired.", never},
    reason_row{reason::token_revoked, "TOKEN_REVOKED", 401, "UNAUTHENTICATED",
               "Sign in again: this session was ended.", never},
    reason_row{reason::origin_forbidden, "ORIGIN_FORBIDDEN", 403, "PERMISSION_DENIED",
               "Pages of this origin may not call this service.", never},
    reason_row{reason::stream_not_yours, "STREAM_NOT_YOURS", 403, "PERMISSION_DENIED",
               "This stream belongs to another user.", never},
    reason_row{reason::route_unknown, "ROUTE_UNKNOWN", 404, "NOT_FOUND", "There is nothing at this address.",
               never},
    reason_row{reason::method_not_allowed, "METHOD_NOT_ALLOWED", 405, "UNIMPLEMENTED",
               "This address does not take this method; Allow lists those it takes.", never},
    reason_row{reason::request_malformed, "REQUEST_MALFORMED", 400, "INVALID_ARGUMENT",
               "The request breaks the rules of HTTP/1.1.", never},
    reason_row{reason::body_invalid, "BODY_INVALID", 400, "INVALID_ARGUMENT",
               "The body is not the JSON object that this address takes.", never},
    reason_row{reason::field_invalid, "FIELD_INVALID", 400, "INVALID_ARGUMENT",
               "A field of the request has a value that it cannot have.", never},
    reason_row{reason::provider_unknown, "PROVIDER_UNKNOWN", 400, "INVALID_ARGUMENT",
               "This provider is not one that this service takes keys for.", never},
    reason_row{reason::key_rejected_by_provider, "KEY_REJECTED_BY_PROVIDER", 400, "INVALID_ARGUMENT",
               "The provider refused this key, so it was not saved.", never},
    reason_row{reason::key_required, "KEY_REQUIRED", 400, "FAILED_PRECONDITION",
               "Store a key for this provider first.", never},
    reason_row{reason::key_expired, "KEY_EXPIRED", 400, "FAILED_PRECONDITION",
               "The stored key has passed its expiry date; store a new one.", never},
    reason_row{reason::key_undecryptable, "KEY_UNDECRYPTABLE", 400, "FAILED_PRECONDITION",
               "The stored key cannot be opened; store it again.", never},
    reason_row{reason::request_timeout, "REQUEST_TIMEOUT", 408, "DEADLINE_EXCEEDED",
               "The request did not arrive in time.", never},
    reason_row{reason::body_too_large, "BODY_TOO_LARGE", 413, "INVALID_ARGUMENT",
               "The body is larger than this address takes.", never},
    reason_row{reason::media_type_unsupported, "MEDIA_TYPE_UNSUPPORTED", 415, "INVALID_ARGUMENT",
               "Send the body as application/json.", never},
    reason_row{reason::headers_too_large, "HEADERS_TOO_LARGE", 431, "INVALID_ARGUMENT",
               "The request's head is larger than this service takes.", never},
    reason_row{reason::rate_limited, "RATE_LIMITED", 429, "RESOURCE_EXHAUSTED",
               "Too many requests; wait and try again.", seconds(1)},
    reason_row{reason::too_many_streams, "TOO_MANY_STREAMS", 429, "RESOURCE_EXHAUSTED",
               "Too many requests at the same time; wait for one to end.", seconds(1)},
    reason_row{reason::internal, "INTERNAL", 500, "INTERNAL",
               "The service failed; your request was not at fault.", never},
    reason_row{reason::store_unavailable, "STORE_UNAVAILABLE", 503, "UNAVAILABLE",
               "Stored keys cannot be reached now; try again.", seconds(2)},
    reason_row{reason::identity_unavailable, "IDENTITY_UNAVAILABLE", 503, "UNAVAILABLE",
               "Identities cannot be checked now; try again.", seconds(2)},
    reason_row{reason::overloaded, "OVERLOADED", 503, "UNAVAILABLE", "The service is full; try again.",
               seconds(1)},
    reason_row{reason::shutting_down, "SHUTTING_DOWN", 503, "UNAVAILABLE",
               "This instance is shutting down; try again.", seconds(1)},
    reason_row{reason::upstream_unreachable, "UPSTREAM_UNREACHABLE", 502, "UNAVAILABLE",
               "The AI service could not be reached.", never},
    reason_row{reason::upstream_invalid, "UPSTREAM_INVALID", 502, "UNAVAILABLE",
               "The AI service gave an answer that is not valid HTTP.", never},
    reason_row{reason::upstream_timeout, "UPSTREAM_TIMEOUT", 504, "DEADLINE_EXCEEDED",
               "The AI service did not answer in time.", never},
};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (static_cast<std::size_t>(table[i].why) != i) return false;
    }
    return table.size() == static_cast<std::size_t>(reason::upstream_timeout) + 1;
}
static_assert(is_in_order());

} // namespace

const reason_row& describe(reason why) noexcept {
    return table[static_cast<std::size_t>(why)];
}

std::span<const reason_row> reason_table() noexcept {
    return table;
}

failure&& failure::with(std::string name, std::string value) && {
    metadata_.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

failure&& failure::retry_after(std::chrono::seconds wait) && {
    retry_after_ = wait;
    return std::move(*this);
}

std::string_view failure::message() const noexcept {
    return message_.empty() ? describe(why_).message : std::string_view(message_);
}

std::chrono::seconds failure::retry_after() const noexcept {
    return retry_after_.count() >= 0 ? retry_after_ : describe(why_).retry_after;
}

void throw_exception_from_error(const failure& error, const boost::source_location&) {
    throw std::logic_error("a failure was taken for a value: " + std::string(error.message()));
}

} // namespace byot
