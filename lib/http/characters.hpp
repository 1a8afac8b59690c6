#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace byot::http {

namespace detail {

enum : std::uint8_t {
    token_bit = 1,
    path_bit = 2,
    host_bit = 4,
    visible_bit = 8,
    text_bit = 16,
    raw_bit = 32
};

constexpr std::array<std::uint8_t, 256> make_character_table() {
    std::array<std::uint8_t, 256> table{};
    const auto mark = [&table](std::string_view characters, std::uint8_t bits) {
        for (const char c : characters) table[static_cast<unsigned char>(c)] |= bits;
    };
    mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", token_bit | path_bit | host_bit);
    mark("!#$%&'*+-.^_`|~", token_bit);
    mark("-._~!$&'()*+,;=:@/", path_bit);
    mark("-._~", host_bit);
    mark("\"<>[]^`{|}", raw_bit);
    for (unsigned c = 0x21; c <= 0x7e; ++c) table[c] |= visible_bit;
    for (unsigned c = 0x20; c <= 0xff; ++c) table[c] |= text_bit;
    table['\t'] |= text_bit;
    table[0x7f] = 0;
    return table;
}

inline constexpr auto character_table = make_character_table();

constexpr bool has_bit(char c, std::uint8_t bit) noexcept {
    return (character_table[static_cast<unsigned char>(c)] & bit) != 0;
}

} // namespace detail

/// `tchar` of RFC 9110 §5.6.2.
constexpr bool is_token_character(char c) noexcept {
    return detail::has_bit(c, detail::token_bit);
}
/// `pchar` of RFC 3986 §3.3 without percent-encoding, or '/'.
constexpr bool is_path_character(char c) noexcept {
    return detail::has_bit(c, detail::path_bit);
}
/// What the URL standard's path state leaves as it is though RFC 3986 has no place for it ("[", "]", "|", in
/// older browsers "^"), and what other clients leave: ASCII that means the same percent-encoded. Not the
/// backslash, which browsers read as "/".
constexpr bool is_raw_in_path(char c) noexcept {
    return detail::has_bit(c, detail::raw_bit);
}
/// `unreserved` of RFC 3986 §2.3: what a registered name is made of in practice.
constexpr bool is_host_character(char c) noexcept {
    return detail::has_bit(c, detail::host_bit);
}
/// `VCHAR`: ASCII that is seen.
constexpr bool is_visible(char c) noexcept {
    return detail::has_bit(c, detail::visible_bit);
}
/// What a field value or a reason phrase may hold (RFC 9110 §5.5): HTAB, SP, VCHAR, obs-text.
constexpr bool is_field_text(char c) noexcept {
    return detail::has_bit(c, detail::text_bit);
}
/// OWS is made of these (RFC 9110 §5.6.3).
constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

/// How many characters at the front are tokens'.
constexpr std::size_t token_length(std::string_view text) noexcept {
    std::size_t n = 0;
    while (n < text.size() && is_token_character(text[n])) ++n;
    return n;
}

/// How many characters at the front may stand in a field value. Not inline: of a function in a header the
/// linker may keep the copy of a file that is compiled for size (`request_head.cpp` has it).
std::size_t field_text_length(std::string_view text) noexcept;

/// The text without OWS around it; other white space and obs-text stay.
constexpr std::string_view trim_blanks(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Whether the text is `lower`, which is written in lower case, in any case (ASCII).
constexpr bool equals_lower(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != lower[i]) return false;
    }
    return true;
}

} // namespace byot::http
