#include "relay/stream_request.hpp"

#include "core/encoding.hpp"
#include "http/characters.hpp"

#include <algorithm>

namespace byot::relay {
namespace {

/// Takes what is in front of the next `separator`, and it too. Inside of quotes it is none (RFC 9110 §5.6.4).
std::string_view take_until(std::string_view& text, char separator) noexcept {
    bool is_quoted = false;
    std::size_t end = 0;
    for (; end < text.size() && (is_quoted || text[end] != separator); ++end) {
        if (text[end] == '"') is_quoted = !is_quoted;
        if (is_quoted && text[end] == '\\') ++end;
    }
    end = std::min(end, text.size());
    const auto taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return http::trim_blanks(taken);
}

/// A weight of zero is "not acceptable" (RFC 9110 §12.4.2): 0, 0., 0.0 to 0.000.
bool is_zero_weight(std::string_view parameter) noexcept {
    const auto equals = parameter.find('=');
    if (!http::equals_lower(http::trim_blanks(parameter.substr(0, equals)), "q")) return false;
    if (equals == parameter.npos) return false;
    const auto weight = http::trim_blanks(parameter.substr(equals + 1));
    return weight.starts_with('0') && weight.find_first_not_of("0.") == weight.npos;
}

bool is_escape(std::string_view text) noexcept {
    return text.size() >= 3 && text[0] == '%' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0;
}

/// Whether encoded text is `plain` once decoded. What is no escape stands for itself.
bool decodes_to(std::string_view text, std::string_view plain) noexcept {
    for (const char wanted : plain) {
        if (text.empty()) return false;
        const bool is_escaped = is_escape(text);
        const char c =
            is_escaped ? static_cast<char>(hex_value(text[1]) * 16 + hex_value(text[2])) : text.front();
        if (c != wanted) return false;
        text.remove_prefix(is_escaped ? 3 : 1);
    }
    return text.empty();
}

} // namespace

bool accepts_event_stream(std::string_view accept) noexcept {
    while (!accept.empty()) {
        auto range = take_until(accept, ',');
        if (!http::equals_lower(take_until(range, ';'), "text/event-stream")) continue;
        bool is_refused = false;
        while (!range.empty()) is_refused |= is_zero_weight(take_until(range, ';'));
        if (!is_refused) return true;
    }
    return false;
}

bool query_asks_for_stream(std::string_view query) noexcept {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const auto equals = pair.find('=');
        if (equals == pair.npos || !decodes_to(pair.substr(0, equals), "stream")) continue;
        if (decodes_to(pair.substr(equals + 1), "true")) return true;
    }
    return false;
}

} // namespace byot::relay
