#include "core/json.hpp"

#include "core/encoding.hpp"

#include <algorithm>
#include <string>

namespace byot {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

constexpr bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

void append_code(std::string& out, unsigned code) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[(code >> shift) & 0xF];
}

void append_ascii(std::string& out, char c) {
    switch (c) {
    case '"':
        out += "\\\"";
        break;
    case '\\':
        out += "\\\\";
        break;
    case '\n':
        out += "\\n";
        break;
    case '\r':
        out += "\\r";
        break;
    case '\t':
        out += "\\t";
        break;
    default:
        append_code(out, static_cast<unsigned char>(c));
    }
}

// JSON needs no escape for U+007F to U+009F, U+2028 and U+2029, but a terminal would obey the former and a
// line of a log would break at the latter.
void append_beyond_ascii(std::string& out, std::string_view character) {
    const auto last = static_cast<unsigned char>(character.back());
    if (character.starts_with('\xC2') && last < 0xA0) {
        append_code(out, last);
    } else if (character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9") {
        append_code(out, 0x2000u | (last & 0x3Fu));
    } else {
        out += character;
    }
}

std::size_t count_plain(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && is_plain(text[count])) ++count;
    return count;
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto plain = count_plain(text);
        const auto length = plain > 0 ? plain : utf8_character(text);
        if (plain > 0) {
            out += text.substr(0, length);
        } else if (length > 1) {
            append_beyond_ascii(out, text.substr(0, length));
        } else if (length == 1) {
            append_ascii(out, text.front());
        } else {
            out += replacement;
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    out += '"';
}

std::string to_json_string(std::string_view text) {
    std::string json;
    append_json_string(json, text);
    return json;
}

} // namespace byot
