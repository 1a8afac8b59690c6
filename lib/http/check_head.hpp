#pragma once

#include "http/body_framing.hpp"
#include "http/request_head.hpp"

#include <string_view>

namespace byot::http {

/// What the rules of RFC 9110 and 9112 make of a head.
struct checked_head {
    std::string_view path;  ///< of the target, still encoded, begins with '/'; "*" for OPTIONS *
    std::string_view query; ///< without '?'
    std::string_view host; ///< the authority: of an absolute-form target, else of Host, else (HTTP/1.0) empty
    body_framing body;
    bool keeps_alive = true;       ///< Connection and version allow another request
    bool expects_continue = false; ///< Expect: 100-continue (HTTP/1.1 only)
};

/// Every rule about a head that its form alone does not settle: exactly one valid Host (or none with
/// HTTP/1.0); the four forms of a target; no dot segments, no encoded slash, backslash, NUL or control
/// character, no malformed percent-encoding in the path; Content-Length and Transfer-Encoding never both,
/// each once and exactly formed, chunked alone and last; no field twice that is no list (`repetition_of`);
/// known expectations only.
/// Failure: `request_malformed`.
result<checked_head> check_head(const request_head& head);

} // namespace byot::http
