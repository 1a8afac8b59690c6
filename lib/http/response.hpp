#pragma once

#include "core/clock.hpp"
#include "core/failure.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::http {

/// An answer of this service's own (the relay's are the upstream's).
struct response {
    unsigned status = 200;
    std::string content_type = "application/json; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> fields;

    response() = default;
    response(unsigned status_, std::string body_) : status(status_), body(std::move(body_)) {}
};

/// What the session knows when it writes an answer.
struct response_frame {
    bool keeps_alive = true;
    bool is_head = false; ///< the request was HEAD: no body, but its length
    wall_time date;
    std::string_view request_id;
    std::string_view extra;       ///< whole field lines, CORS among them, as `cors_policy` made them
    std::string_view rate_limits; ///< whole field lines, as `rate_limit_fields` made them
};

/// Whether the text is a token (RFC 9110 §5.6.2).
bool is_token(std::string_view text) noexcept;

/// Whether the text may stand as a field's value: no control character in it.
bool is_field_value(std::string_view text) noexcept;

/// Throws std::logic_error when the name is no token or the value has a control character in it, so that
/// nobody can add lines of their own.
void check_field(std::string_view name, std::string_view value);

/// Adds the line "name: value" with its CRLF, once both are checked.
void append_field(std::string& head, std::string_view name, std::string_view value);

/// The registered phrase of a status (RFC 9110 §15), "Unknown" for others. Of Beast, but for
/// the phrases that RFC 9110 changed and the statuses that Beast lacks or adds to the registry.
std::string_view reason_phrase(unsigned status) noexcept;

/// Head and body as they go over the wire. Every answer has Date, X-Content-Type-Options: nosniff,
/// x-request-id and, but for 204 and 304, Content-Length (RFC 9110 §8.6). Throws std::logic_error for a field
/// with a control character in it, and for a body on 204 or 304.
std::string serialize(const response& answer, const response_frame& frame);

/// The one place where a failure becomes an answer: the body is
/// google.rpc.Status, as Google's own APIs answer, Retry-After where the
/// reason has one, WWW-Authenticate on 401 (RFC 6750 §3), Allow on 405 from the metadata `allow`,
/// Accept-Encoding on 415 from `acceptEncoding`, Cache-Control: no-store.
response respond_to_failure(const failure& why, std::string_view request_id);

} // namespace byot::http
