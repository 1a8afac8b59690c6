#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace byot {

/// Parses one JSON text (RFC 8259), strictly: UTF-8 only, no name twice in an object, at most 32 levels,
/// numbers finite and read to the nearest double, nothing after it. Nothing on any breach, so no two readers
/// can disagree on what it says. Not for texts with a secret in them: what it returns is ordinary memory.
std::optional<boost::json::value> parse_json(std::string_view text);

/// The same with at most `deepest` levels, 1 to 1000 (reading recurses), for formats that nest deeply.
std::optional<boost::json::value> parse_json(std::string_view text, std::size_t deepest);

/// The same for a text whose value is an object.
std::optional<boost::json::object> parse_json_object(std::string_view text);

/// The member as text, or nothing when it is absent or of another kind.
std::optional<std::string_view> string_member(const boost::json::object& object, std::string_view name);

/// Appends `text` as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. Every control
/// character and line separator, beyond ASCII too, is escaped: the result is one line and steers no terminal.
void append_json_string(std::string& out, std::string_view text);
/// The same as a text of its own.
std::string to_json_string(std::string_view text);

} // namespace byot
