#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace byot {

using bytes_view = std::span<const unsigned char>;

/// The bytes of a text, and the text of bytes.
bytes_view as_bytes(std::string_view text) noexcept;
std::string_view as_text(bytes_view bytes) noexcept;

/// RFC 4648 §4, padded.
std::string base64_encode(bytes_view bytes);
/// RFC 4648 §4, strict: padding required, no white space, unused bits zero.
std::optional<std::string> base64_decode(std::string_view text);
/// RFC 4648 §5 without padding, as JWTs use it.
std::string base64url_encode(bytes_view bytes);
/// RFC 4648 §5, strict: no padding, no white space, unused bits zero.
std::optional<std::string> base64url_decode(std::string_view text);
/// Decodes as `base64_decode` does, into memory of the caller's, for bytes that nobody may see: whether the
/// text has exactly as many bytes as `room`.
bool base64_decode_into(std::string_view text, std::span<unsigned char> room) noexcept;
/// Lower-case hexadecimal.
std::string hex_encode(bytes_view bytes);
/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The length of the well-formed UTF-8 character (RFC 3629 §4) that `text` begins with, 1 to 4; zero when it
/// begins with none.
std::size_t utf8_character(std::string_view text) noexcept;
/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, nothing overlong).
bool is_utf8(std::string_view text) noexcept;

/// Cryptographically random text of the alphabet [A-Za-z0-9], `length` characters.
std::string random_alphanumeric(std::size_t length);

/// ASCII only, independent of the locale.
char to_lower(char c) noexcept;
bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

} // namespace byot
