#include "core/encoding.hpp"
#include "http/characters.hpp"
#include "http/request_target.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace byot::http {

namespace {

constexpr std::size_t escape_size = 3; // "%2e"

// The byte that the escape at the front stands for; nothing when it is none.
std::optional<unsigned char> read_escape(std::string_view text) noexcept {
    if (text.size() < escape_size || text[0] != '%') return std::nullopt;
    const int high = hex_value(text[1]);
    const int low = hex_value(text[2]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<unsigned char>(high * 16 + low);
}

// The length in bytes of the UTF-8 character that a byte begins.
std::size_t utf8_length(unsigned char lead) noexcept {
    if (lead < 0x80) return 1;
    if (lead < 0xe0) return 2;
    return lead < 0xf0 ? 3 : 4;
}

// One character of a path, decoded.
struct path_character {
    std::size_t spelled = 0; ///< bytes in the path; 0 when it is none that may be there
    char ascii = 0;          ///< 0 for a character beyond ASCII
};

path_character read_escaped_character(std::string_view text) noexcept {
    std::array<char, 4> utf8{};
    const auto lead = read_escape(text);
    if (!lead) return {};
    const auto length = utf8_length(*lead);
    for (std::size_t i = 0; i < length; ++i) {
        const auto byte = read_escape(text.substr(std::min(i * escape_size, text.size())));
        if (!byte) return {};
        utf8[i] = static_cast<char>(*byte);
    }
    const char c = utf8.front();
    const bool is_unsafe = length == 1 && (c < 0x20 || c == 0x7f || c == '/' || c == '\\');
    if (is_unsafe || !is_utf8({utf8.data(), length})) return {};
    return {length * escape_size, length == 1 ? c : char{0}};
}

path_character read_character(std::string_view text) noexcept {
    if (text.front() == '%') return read_escaped_character(text);
    if (is_path_character(text.front()) || is_raw_in_path(text.front())) return {1, text.front()};
    return {};
}

// Notices the segments "." and "..". Some servers cut parameters ("..;x") off before they normalise.
class dot_watch {
public:
    bool sees_dot_segment() const noexcept { return is_only_dots_ && (dots_ == 1 || dots_ == 2); }
    void begin_segment() noexcept { *this = {}; }
    void add(char c) noexcept {
        if (c == ';') {
            has_parameters_ = true;
        } else if (!has_parameters_) {
            is_only_dots_ = is_only_dots_ && c == '.';
            ++dots_;
        }
    }

private:
    std::size_t dots_ = 0;
    bool is_only_dots_ = true;
    bool has_parameters_ = false;
};

} // namespace

bool is_safe_path(std::string_view path) {
    dot_watch segment;
    while (!path.empty()) {
        const auto next = read_character(path);
        if (next.spelled == 0) return false;
        if (next.ascii == '/') {
            if (segment.sees_dot_segment()) return false;
            segment.begin_segment();
        } else {
            segment.add(next.ascii);
        }
        path.remove_prefix(next.spelled);
    }
    return !segment.sees_dot_segment();
}

} // namespace byot::http
