#include "auth/id_token.hpp"
#include "core/encoding.hpp"

#include <algorithm>

namespace byot::auth {
namespace {

constexpr std::int64_t longest = 2147483648; // RFC 9111 §1.2.2: so much stands for anything larger

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Where the directive at the front ends: at the first comma outside a quoted string.
std::size_t directive_end(std::string_view list) noexcept {
    bool is_quoted = false;
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (is_quoted && list[at] == '\\') {
            ++at;
        } else if (list[at] == '"') {
            is_quoted = !is_quoted;
        } else if (list[at] == ',' && !is_quoted) {
            return at;
        }
    }
    return list.size();
}

std::int64_t parse_delta_seconds(std::string_view digits) noexcept {
    std::int64_t seconds = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return 0;
        seconds = std::min(seconds * 10 + (c - '0'), longest);
    }
    return seconds;
}

} // namespace

std::chrono::seconds parse_max_age(std::string_view cache_control) noexcept {
    constexpr std::string_view name = "max-age=";
    while (!cache_control.empty()) {
        const auto end = directive_end(cache_control);
        const auto directive = trim(cache_control.substr(0, end));
        if (equals_ignoring_case(directive.substr(0, name.size()), name)) {
            return std::chrono::seconds(parse_delta_seconds(directive.substr(name.size())));
        }
        cache_control.remove_prefix(std::min(end + 1, cache_control.size()));
    }
    return std::chrono::seconds(0);
}

} // namespace byot::auth
