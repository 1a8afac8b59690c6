#include "printable_text.hpp"

#include "core/encoding.hpp"

#include <algorithm>
#include <array>

namespace byot::app {
namespace {

using namespace std::string_view_literals;

/// By their bytes in UTF-8: U+061C, U+200E–200F, U+2028–202E, U+2066–2069.
bool is_end_of_line_or_direction(std::string_view character) {
    constexpr std::array all{"\u061C"sv, "\u200E"sv, "\u200F"sv, "\u2028"sv, "\u2029"sv,
                             "\u202A"sv, "\u202B"sv, "\u202C"sv, "\u202D"sv, "\u202E"sv,
                             "\u2066"sv, "\u2067"sv, "\u2068"sv, "\u2069"sv};
    return std::find(all.begin(), all.end(), character) != all.end();
}

/// `character` is one whole character of UTF-8.
bool steers_a_terminal(std::string_view character) {
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1) return first < 0x20 || first == 0x7F;
    if (first == 0xC2) return static_cast<unsigned char>(character[1]) < 0xA0; // U+0080–009F
    return is_end_of_line_or_direction(character);
}

} // namespace

std::string printable_text(std::string_view text, std::size_t longest, char in_place) {
    std::string shown;
    while (!text.empty()) {
        const auto size = utf8_character(text);
        const auto character = text.substr(0, std::max<std::size_t>(size, 1));
        if (shown.size() + character.size() > longest) break;
        if (size == 0) {
            shown += '?';
        } else if (steers_a_terminal(character)) {
            shown += in_place;
        } else {
            shown += character;
        }
        text.remove_prefix(character.size());
    }
    return shown;
}

} // namespace byot::app
