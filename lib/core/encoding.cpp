#include "core/encoding.hpp"

#include <sodium.h>

#include <algorithm>

namespace byot {
namespace {

std::string encode(bytes_view bytes, int variant) {
    // libsodium counts a terminating zero in, and writes it.
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
    text.pop_back();
    return text;
}

// libsodium refuses set unused bits, white space and wrong padding. Two things it lets through: a text that
// stops early, unless it is asked where it stopped, and bytes beyond ASCII, some of which its look-up takes
// for digits (1.0.18). The count of bytes written, or nothing.
std::optional<std::size_t> decode_into(std::string_view text, std::span<unsigned char> room,
                                       int variant) noexcept {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (!std::all_of(text.begin(), text.end(), is_ascii)) return std::nullopt;
    std::size_t size = 0;
    const char* end = nullptr;
    const int code =
        sodium_base642bin(room.data(), room.size(), text.data(), text.size(), nullptr, &size, &end, variant);
    if (code != 0 || end != text.data() + text.size()) return std::nullopt;
    return size;
}

std::optional<std::string> decode(std::string_view text, int variant) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    const std::span room(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size());
    const auto size = decode_into(text, room, variant);
    if (!size) return std::nullopt;
    bytes.resize(*size);
    return bytes;
}

constexpr bool is_between(unsigned char c, unsigned char low, unsigned char high) {
    return c >= low && c <= high;
}

// The second byte alone keeps out what is overlong (E0, F0), a surrogate (ED) or beyond U+10FFFF (F4).
constexpr bool is_second(unsigned char first, unsigned char second) {
    switch (first) {
    case 0xE0:
        return is_between(second, 0xA0, 0xBF);
    case 0xED:
        return is_between(second, 0x80, 0x9F);
    case 0xF0:
        return is_between(second, 0x90, 0xBF);
    case 0xF4:
        return is_between(second, 0x80, 0x8F);
    default:
        return is_between(second, 0x80, 0xBF);
    }
}

constexpr std::size_t length_after(unsigned char first) {
    if (first < 0x80) return 1;
    if (is_between(first, 0xC2, 0xDF)) return 2;
    if (is_between(first, 0xE0, 0xEF)) return 3;
    if (is_between(first, 0xF0, 0xF4)) return 4;
    return 0;
}

} // namespace

bytes_view as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

std::string_view as_text(bytes_view bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string base64_encode(bytes_view bytes) {
    return encode(bytes, sodium_base64_VARIANT_ORIGINAL);
}

std::optional<std::string> base64_decode(std::string_view text) {
    return decode(text, sodium_base64_VARIANT_ORIGINAL);
}

std::string base64url_encode(bytes_view bytes) {
    return encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::optional<std::string> base64url_decode(std::string_view text) {
    return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool base64_decode_into(std::string_view text, std::span<unsigned char> room) noexcept {
    if (room.empty()) return text.empty(); // libsodium takes no null pointer
    return decode_into(text, room, sodium_base64_VARIANT_ORIGINAL) == room.size();
}

std::string hex_encode(bytes_view bytes) {
    std::string text(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    text.pop_back();
    return text;
}

std::size_t utf8_character(std::string_view text) noexcept {
    if (text.empty()) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto length = length_after(byte(0));
    if (length <= 1) return length;
    if (text.size() < length || !is_second(byte(0), byte(1))) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if (!is_between(byte(i), 0x80, 0xBF)) return 0;
    }
    return length;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto length = utf8_character(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string random_alphanumeric(std::size_t length) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::string text(length, '\0');
    for (char& c : text) c = alphabet[randombytes_uniform(alphabet.size())];
    return text;
}

char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

} // namespace byot
