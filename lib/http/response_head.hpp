#pragma once

#include "core/failure.hpp"
#include "http/body_framing.hpp"
#include "http/head_cursor.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace byot::http {

/// An upstream's response head, as views into the bytes it was scanned from.
struct response_head {
    unsigned status = 0; ///< 100 … 599
    unsigned minor_version = 1;
    std::string_view content_type; ///< empty when absent
    std::string_view fields;       ///< all field lines, for `for_each_field`
    std::size_t size = 0;          ///< bytes of the head
    body_framing body;             ///< by RFC 9112 §6.3, for a request that was not HEAD
    bool keeps_alive = true;
    bool is_coded = false;     ///< Content-Encoding names a coding that is not `identity`
    bool names_fields = false; ///< Connection does, beside close and keep-alive
};

/// Scans a response's head as strictly as a request's. Nothing while incomplete. Refused: an unknown version,
/// Content-Length repeated or malformed or beside Transfer-Encoding, any coding but chunked, 101, more than
/// `max_head_size` bytes or `max_head_fields` fields. Failure: `upstream_invalid`.
result<std::optional<response_head>> scan_response_head(std::string_view bytes);

/// Calls `visit(name, value)` for each field line of a head that was scanned.
template <class Visitor>
void for_each_field(std::string_view fields, Visitor&& visit) {
    head_cursor at(fields);
    field_line line;
    while (at.field(line) == scan::done) visit(line.name, line.value);
}

/// Whether a Connection field of a head that was scanned names this field, which then goes no further (RFC
/// 9110 §7.6.1).
bool is_named_by_connection(std::string_view fields, std::string_view name);

} // namespace byot::http
