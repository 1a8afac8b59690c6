#pragma once

#include "http/body_framing.hpp"
#include "http/request_head.hpp"

#include <optional>
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

/// A request target taken apart (RFC 9112 §3.2).
struct request_target {
    std::string_view path;      ///< as in `checked_head`
    std::string_view query;     ///< without '?'
    std::string_view authority; ///< of the absolute form, else empty
};

/// Reads the origin form, the absolute form of http and https, and "*" for OPTIONS. Nothing for the authority
/// form (this is no tunnel), a fragment, a path that `is_safe_path` refuses, and anything else.
std::optional<request_target> read_target(std::string_view method, std::string_view target);

/// Whether the text is a host name or address with an optional port, without user information (RFC 3986
/// §3.2). Stricter than the grammar: no sub-delims and no percent-encoding in names, which no client sends
/// and readers take differently; not empty.
bool is_authority(std::string_view text);

/// Whether a path means the same to everybody who decodes, normalises or splits it: RFC 3986 `pchar`s and
/// what clients leave raw beside them (`is_raw_in_path`, to be percent-encoded before it goes on),
/// well-formed percent-encoding of well-formed UTF-8, no encoded slash, backslash or control character, and
/// no segment "." or ".." in any spelling, also not with parameters behind it.
bool is_safe_path(std::string_view path);

} // namespace byot::http
