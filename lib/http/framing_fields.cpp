#include "http/framing_fields.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace byot::http {

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

bool list_has(std::string_view list, std::string_view token) noexcept {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        if (equals_lower(trim_blanks(list.substr(0, comma)), token)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

} // namespace byot::http
