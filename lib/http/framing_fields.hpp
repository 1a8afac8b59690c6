#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::http {

/// Content-Length (RFC 9110 §8.6): 1 to 19 decimal digits, so that it always fits. Nothing for a sign, a
/// list, white space within or anything else: two readers must not be able to disagree.
std::optional<std::uint64_t> parse_content_length(std::string_view value) noexcept;

/// Whether the Transfer-Encoding is the one that is understood: chunked, alone, in any case (RFC 9112 §7).
bool is_chunked_coding(std::string_view value) noexcept;

/// Whether the comma list (RFC 9110 §5.6.1) has this token, compared without case; `token` in lower case.
bool list_has(std::string_view list, std::string_view token) noexcept;

} // namespace byot::http
