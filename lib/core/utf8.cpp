#include "core/utf8.hpp"

#include "core/encoding.hpp"

namespace byot {
namespace {

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

} // namespace byot
