#include "http/body_framing.hpp"

#include "core/encoding.hpp"
#include "http/characters.hpp"

#include <algorithm>

namespace byot::http {
namespace {

constexpr std::size_t max_plain_digits = 16;
constexpr std::string_view last_chunk = "0\r\n\r\n";

// The size line of a chunk in the one form that everybody reads the same.
struct plain_size {
    std::size_t line_bytes = 0; ///< 0 when the bytes begin otherwise
    std::uint64_t data_bytes = 0;
};

plain_size read_plain_size(std::string_view bytes) noexcept {
    plain_size found;
    std::size_t digits = 0;
    for (; digits < bytes.size() && digits <= max_plain_digits; ++digits) {
        const int value = hex_value(bytes[digits]);
        if (value < 0) break;
        found.data_bytes = found.data_bytes * 16 + static_cast<unsigned>(value);
    }
    const bool is_plain = digits > 0 && digits <= max_plain_digits && bytes.front() != '0';
    if (is_plain && bytes.substr(digits).starts_with("\r\n")) found.line_bytes = digits + 2;
    return found;
}

framing_step step_of(framing_step::kind what, std::size_t used) noexcept {
    return {.what = what, .used = used, .content = {}, .is_whole_chunk = false};
}

constexpr std::uint16_t max_size_line = 256;
constexpr std::uint8_t max_size_digits = 32;
constexpr std::uint32_t max_trailers = 8 * 1024;

} // namespace

body_framing body_framing::none() noexcept {
    return {};
}

body_framing body_framing::of_length(std::uint64_t length) noexcept {
    body_framing made;
    made.kind_ = kind::length;
    made.state_ = length > 0 ? state::data : state::finished;
    made.said_ = length;
    made.remaining_ = length;
    return made;
}

body_framing body_framing::chunked() noexcept {
    body_framing made;
    made.kind_ = kind::chunked;
    made.state_ = state::size_line;
    return made;
}

body_framing body_framing::until_close() noexcept {
    body_framing made;
    made.kind_ = kind::until_close;
    made.state_ = state::data;
    made.remaining_ = UINT64_MAX;
    return made;
}

std::optional<std::uint64_t> body_framing::length() const noexcept {
    if (kind_ == kind::none || kind_ == kind::length) return said_;
    return std::nullopt;
}

framing_step body_framing::next(std::string_view bytes) noexcept {
    if (state_ == state::finished) return step_of(framing_step::kind::finished, 0);
    if (state_ == state::malformed) return step_of(framing_step::kind::malformed, 0);
    if (kind_ == kind::chunked) return next_of_chunked(bytes);
    if (bytes.empty()) return {};
    const auto step = take_content(bytes, 0);
    if (kind_ == kind::length && remaining_ == 0) state_ = state::finished;
    return step;
}

// Takes what the bytes have of the content that is due; `before` bytes of them precede it.
framing_step body_framing::take_content(std::string_view bytes, std::size_t before) noexcept {
    const auto present = static_cast<std::uint64_t>(bytes.size() - before);
    const auto taken = static_cast<std::size_t>(std::min(present, remaining_));
    if (kind_ != kind::until_close) remaining_ -= taken;
    content_seen_ += taken;
    return {.what = framing_step::kind::piece,
            .used = before + taken,
            .content = bytes.substr(before, taken),
            .is_whole_chunk = false};
}

framing_step body_framing::next_of_chunked(std::string_view bytes) noexcept {
    if (state_ == state::size_line && line_bytes_ == 0) {
        if (const auto whole = whole_chunk(bytes); whole.is_whole_chunk) return whole;
    }
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (state_ == state::data) {
            const auto step = take_content(bytes, at);
            if (remaining_ == 0) state_ = state::data_cr;
            return step;
        }
        state_ = after(bytes[at]);
        if (state_ == state::malformed) return step_of(framing_step::kind::malformed, at);
        if (state_ == state::finished) return step_of(framing_step::kind::finished, at + 1);
    }
    return step_of(framing_step::kind::need_more, bytes.size());
}

// Precondition: a chunk begins here. Changes nothing unless all of it is there.
framing_step body_framing::whole_chunk(std::string_view bytes) noexcept {
    if (bytes.starts_with(last_chunk)) {
        state_ = state::finished;
        return {.what = framing_step::kind::finished,
                .used = last_chunk.size(),
                .content = {},
                .is_whole_chunk = true};
    }
    const auto size = read_plain_size(bytes);
    if (size.line_bytes == 0 || bytes.size() - size.line_bytes < size.data_bytes) return {};
    const auto data = static_cast<std::size_t>(size.data_bytes);
    if (!bytes.substr(size.line_bytes + data).starts_with("\r\n")) return {};
    content_seen_ += data;
    return {.what = framing_step::kind::piece,
            .used = size.line_bytes + data + 2,
            .content = bytes.substr(size.line_bytes, data),
            .is_whole_chunk = true};
}

// The lines between the data of chunks, byte by byte, so that nothing has to be kept when one comes in
// pieces.

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

// What a head says ------------------------------------------------------------------------------------------

std::optional<std::uint64_t> parse_content_length(std::string_view value) noexcept {
    constexpr std::size_t most_digits = 19; // 10^19 - 1 < 2^64
    if (value.empty() || value.size() > most_digits) return std::nullopt;
    std::uint64_t length = 0;
    for (const char c : value) {
        if (c < '0' || c > '9') return std::nullopt;
        length = length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return length;
}

bool is_chunked_coding(std::string_view value) noexcept {
    return equals_lower(value, "chunked");
}

} // namespace byot::http
