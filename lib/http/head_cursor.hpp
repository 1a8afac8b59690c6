#pragma once

#include "http/characters.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace byot::http {

/// What an attempt to scan a part of a head came to.
enum class scan : std::uint8_t {
    done,      ///< the part is behind the cursor
    more,      ///< right so far, but its end is not there yet
    malformed, ///< no further bytes can make it right
};

/// One field line of a head.
struct field_line {
    std::string_view name;
    std::string_view value; ///< without white space around it
};

/// Walks over a head's bytes part by part, as RFC 9112 §2.2–5 write them and not more leniently. After
/// anything but `done` the cursor stands where the trouble is.
class head_cursor {
public:
    explicit head_cursor(std::string_view bytes) noexcept : rest_(bytes), start_(bytes.data()) {}

    std::size_t position() const noexcept { return static_cast<std::size_t>(rest_.data() - start_); }

    /// The next byte is `c`: whether; `false` too when there is none.
    bool is_at(char c) const noexcept { return !rest_.empty() && rest_.front() == c; }

    /// Exactly this text.
    scan literal(std::string_view text) noexcept;
    scan line_end() noexcept { return literal("\r\n"); }
    /// One or more token characters, and the first byte after them is there.
    scan token(std::string_view& found) noexcept;
    /// One or more characters of visible ASCII, and the first byte after them is there.
    scan visible(std::string_view& found) noexcept;
    /// One decimal digit.
    scan digit(unsigned& found) noexcept;
    /// "HTTP/1." and one digit (RFC 9112 §2.3; the name is case-sensitive). A minor version above 1 is read
    /// as 1, the highest spoken here (RFC 9110 §2.5).
    scan version(unsigned& minor) noexcept;
    /// Zero or more characters of a value up to CRLF, and the CRLF.
    scan text_line(std::string_view& found) noexcept;
    /// `field-name ":" OWS field-value OWS CRLF`, no folding, no blank before the colon.
    scan field(field_line& found) noexcept;

private:
    std::string_view take(std::size_t count) noexcept {
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::string_view rest_;
    const char* start_;
};

// What every field line goes through is inline: a head is scanned for each request.

inline scan head_cursor::literal(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == rest_.size()) return scan::more;
        if (rest_[i] != text[i]) return scan::malformed;
    }
    take(text.size());
    return scan::done;
}

inline scan head_cursor::token(std::string_view& found) noexcept {
    const auto length = token_length(rest_);
    if (length == rest_.size()) return scan::more;
    if (length == 0) return scan::malformed;
    found = take(length);
    return scan::done;
}

inline scan head_cursor::text_line(std::string_view& found) noexcept {
    found = take(field_text_length(rest_));
    return line_end();
}

inline scan head_cursor::field(field_line& found) noexcept {
    if (const auto name = token(found.name); name != scan::done) return name;
    if (const auto colon = literal(":"); colon != scan::done) return colon;
    const auto line = text_line(found.value);
    found.value = trim_blanks(found.value);
    return line;
}

inline scan head_cursor::visible(std::string_view& found) noexcept {
    std::size_t length = 0;
    while (length < rest_.size() && is_visible(rest_[length])) ++length;
    if (length == rest_.size()) return scan::more;
    if (length == 0) return scan::malformed;
    found = take(length);
    return scan::done;
}

inline scan head_cursor::digit(unsigned& found) noexcept {
    if (rest_.empty()) return scan::more;
    const char c = rest_.front();
    if (c < '0' || c > '9') return scan::malformed;
    found = static_cast<unsigned>(c - '0');
    take(1);
    return scan::done;
}

inline scan head_cursor::version(unsigned& minor) noexcept {
    if (const auto name = literal("HTTP/1."); name != scan::done) return name;
    if (const auto number = digit(minor); number != scan::done) return number;
    minor = std::min(minor, 1U);
    return scan::done;
}

} // namespace byot::http
