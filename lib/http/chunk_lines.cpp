// How `body_framing` follows the lines between the data of chunks, byte by byte, so that nothing has to be
// kept when a line arrives in pieces.

#include "core/encoding.hpp"
#include "http/body_framing.hpp"
#include "http/characters.hpp"

namespace byot::http {

namespace {

constexpr std::uint16_t max_size_line = 256;
constexpr std::uint8_t max_size_digits = 32;
constexpr std::uint32_t max_trailers = 8 * 1024;

} // namespace

body_framing::state body_framing::after(char c) noexcept {
    switch (state_) {
    case state::data_cr:
        return c == '\r' ? state::data_lf : state::malformed;
    case state::data_lf:
        return c == '\n' ? state::size_line : state::malformed;
    case state::trailer_start:
    case state::trailer_name:
    case state::trailer_value:
    case state::trailer_lf:
    case state::last_lf:
        return ++trailer_bytes_ > max_trailers ? state::malformed : after_trailer(c);
    default:
        if (++line_bytes_ > max_size_line) return state::malformed;
        return state_ == state::size_line ? after_size_digit(c) : after_extension(c);
    }
}

body_framing::state body_framing::after_size_digit(char c) noexcept {
    if (const int value = hex_value(c); value >= 0) {
        const bool overflows = (remaining_ >> 60) != 0;
        remaining_ = remaining_ * 16 + static_cast<unsigned>(value);
        return overflows || ++digits_ > max_size_digits ? state::malformed : state::size_line;
    }
    if (digits_ == 0) return state::malformed;
    if (c == ';') return state::extension_start;
    return c == '\r' ? state::size_line_end : state::malformed;
}

body_framing::state body_framing::after_size_line() noexcept {
    digits_ = 0;
    line_bytes_ = 0;
    return remaining_ == 0 ? state::trailer_start : state::data;
}

// RFC 9112 §7.1.1, without the "bad" white space that it tolerates.
body_framing::state body_framing::after_extension(char c) noexcept {
    const auto after_part = [c] {
        if (c == ';') return state::extension_start;
        return c == '\r' ? state::size_line_end : state::malformed;
    };
    switch (state_) {
    case state::extension_start:
        return is_token_character(c) ? state::extension_name : state::malformed;
    case state::extension_name:
        if (c == '=') return state::extension_value;
        return is_token_character(c) ? state_ : after_part();
    case state::extension_value:
        if (c == '"') return state::extension_quoted;
        return is_token_character(c) ? state::extension_token : state::malformed;
    case state::extension_token:
        return is_token_character(c) ? state_ : after_part();
    case state::extension_quoted:
        if (c == '"') return state::extension_end;
        if (c == '\\') return state::extension_escaped;
        return is_field_text(c) ? state_ : state::malformed;
    case state::extension_escaped:
        return is_field_text(c) ? state::extension_quoted : state::malformed;
    case state::extension_end:
        return after_part();
    default:
        return c == '\n' ? after_size_line() : state::malformed;
    }
}

body_framing::state body_framing::after_trailer(char c) noexcept {
    switch (state_) {
    case state::trailer_start:
        if (c == '\r') return state::last_lf;
        return is_token_character(c) ? state::trailer_name : state::malformed;
    case state::trailer_name:
        if (c == ':') return state::trailer_value;
        return is_token_character(c) ? state_ : state::malformed;
    case state::trailer_value:
        if (c == '\r') return state::trailer_lf;
        return is_field_text(c) ? state_ : state::malformed;
    case state::trailer_lf:
        return c == '\n' ? state::trailer_start : state::malformed;
    default:
        return c == '\n' ? state::finished : state::malformed;
    }
}

} // namespace byot::http
