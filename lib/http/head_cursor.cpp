#include "http/head_cursor.hpp"

#include <algorithm>

namespace byot::http {

std::string_view head_cursor::take(std::size_t count) noexcept {
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
}

scan head_cursor::literal(std::string_view text) noexcept {
    const auto present = std::min(text.size(), rest_.size());
    if (rest_.substr(0, present) != text.substr(0, present)) return scan::malformed;
    if (present < text.size()) return scan::more;
    take(present);
    return scan::done;
}

scan head_cursor::token(std::string_view& found) noexcept {
    const auto length = token_length(rest_);
    if (length == rest_.size()) return scan::more;
    if (length == 0) return scan::malformed;
    found = take(length);
    return scan::done;
}

scan head_cursor::visible(std::string_view& found) noexcept {
    std::size_t length = 0;
    while (length < rest_.size() && is_visible(rest_[length])) ++length;
    if (length == rest_.size()) return scan::more;
    if (length == 0) return scan::malformed;
    found = take(length);
    return scan::done;
}

scan head_cursor::digit(unsigned& found) noexcept {
    if (rest_.empty()) return scan::more;
    const char c = rest_.front();
    if (c < '0' || c > '9') return scan::malformed;
    found = static_cast<unsigned>(c - '0');
    take(1);
    return scan::done;
}

scan head_cursor::version(unsigned& minor) noexcept {
    if (const auto name = literal("HTTP/1."); name != scan::done) return name;
    if (const auto number = digit(minor); number != scan::done) return number;
    return minor <= 1 ? scan::done : scan::malformed;
}

scan head_cursor::text_line(std::string_view& found) noexcept {
    found = take(field_text_length(rest_));
    return line_end();
}

scan head_cursor::field(field_line& found) noexcept {
    if (const auto name = token(found.name); name != scan::done) return name;
    if (const auto colon = literal(":"); colon != scan::done) return colon;
    const auto line = text_line(found.value);
    found.value = trim_blanks(found.value);
    return line;
}

} // namespace byot::http
