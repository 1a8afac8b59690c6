#include "api/query.hpp"

#include <array>
#include <charconv>

// By hand and not by Boost.URL: 1.81 reads past an empty query, and its parameters lost their values here.
namespace byot::api {
namespace {

/// application/x-www-form-urlencoded text; nothing when a percent-encoding is malformed.
std::optional<std::string> decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        unsigned byte = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || read.ptr != digits.data() + 2) return std::nullopt;
        decoded += static_cast<char>(byte);
        i += 2;
    }
    return decoded;
}

} // namespace

result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name) {
    std::optional<std::string> found;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const auto equals = pair.find('=');
        const auto key = decode(pair.substr(0, equals));
        const auto value = decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
        if (!key || !value) return failure(reason::field_invalid, "The query is malformed.");
        if (*key != name) continue;
        if (found) {
            return failure(reason::field_invalid, "This parameter is there twice.")
                .with("field", std::string(name));
        }
        found = *value;
    }
    return found;
}

} // namespace byot::api
