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

result<std::vector<parameter>> read_query(std::string_view query) {
    std::vector<parameter> parameters;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = decode(pair.substr(0, equals));
        auto value = decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
        if (!name || !value)
            return failure(reason::field_invalid, "The query is malformed.").with("field", "query");
        parameters.push_back({std::move(*name), std::move(*value)});
    }
    return parameters;
}

result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name) {
    const auto parameters = read_query(query);
    if (parameters.has_error()) return parameters.error();
    std::optional<std::string> found;
    for (const auto& each : *parameters) {
        if (each.name != name) continue;
        if (found) {
            return failure(reason::field_invalid, "This parameter is there twice.")
                .with("field", std::string(name));
        }
        found = each.value;
    }
    return found;
}

} // namespace byot::api
