#pragma once

#include <string>
#include <string_view>

namespace byot::http {

/// Whether the text is a token (RFC 9110 §5.6.2).
bool is_token(std::string_view text) noexcept;

/// Whether the text may stand as a field's value: no control character in it.
bool is_field_value(std::string_view text) noexcept;

/// Throws std::logic_error when the name is no token or the value has a control character in it, so that
/// nobody can add lines of their own.
void check_field(std::string_view name, std::string_view value);

/// Adds the line "name: value" with its CRLF, once both are checked.
void append_field(std::string& head, std::string_view name, std::string_view value);

} // namespace byot::http
