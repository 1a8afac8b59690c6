#include "http/head_cursor.hpp"

#include <algorithm>

namespace byot::http {

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
    minor = std::min(minor, 1U);
    return scan::done;
}

} // namespace byot::http
