#include "config/telemetry_settings.hpp"

#include "config/names.hpp"
#include "config/quantities.hpp"
#include "core/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

namespace byot::config {
namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

constexpr auto bad_pairs = "must be a comma list of name=value, values percent-encoded";

/// A field's name, and what is used for attributes (RFC 9110 §5.6.2, with what is not in it left out).
bool is_name(std::string_view text) {
    const auto is_good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), is_good);
}

/// Nothing when a '%' is not before two hexadecimal digits, or stands for a control character.
std::optional<std::string> decode_percent(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3 || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
                return std::nullopt;
            c = static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        decoded += c;
    }
    return decoded;
}

complaint read_pairs(std::string_view text, pairs& into) {
    pairs found;
    for (const auto item : split_list(text)) {
        const auto equals = item.find('=');
        if (equals == std::string_view::npos || !is_name(item.substr(0, equals))) return bad_pairs;
        auto value = decode_percent(item.substr(equals + 1));
        if (!value) return bad_pairs;
        found.emplace_back(item.substr(0, equals), std::move(*value));
    }
    into = std::move(found);
    return {};
}

/// Host, Content-Length and the like are the client's own.
bool is_own_field(std::string_view name) {
    constexpr std::array<std::string_view, 6> own{"host",       "content-length", "content-type",
                                                  "connection", "expect",         "transfer-encoding"};
    const auto is_same = [&](std::string_view one) { return equals_ignoring_case(one, name); };
    return std::any_of(own.begin(), own.end(), is_same);
}

struct sampler_row {
    std::string_view name;
    bool is_parent_based;
    std::optional<double> ratio; ///< nothing: OTEL_TRACES_SAMPLER_ARG's
};
constexpr std::array<sampler_row, 6> samplers{{{"always_on", false, 1},
                                               {"always_off", false, 0},
                                               {"traceidratio", false, std::nullopt},
                                               {"parentbased_always_on", true, 1},
                                               {"parentbased_always_off", true, 0},
                                               {"parentbased_traceidratio", true, std::nullopt}}};

std::string names_of_samplers() {
    std::string names;
    for (const auto& row : samplers) names.append(names.empty() ? "" : ", ").append(row.name);
    return names;
}

} // namespace

complaint read_otlp_headers(std::string_view text, configuration& into) {
    pairs found;
    if (auto wrong = read_pairs(text, found)) return wrong;
    into.otlp_headers.clear();
    for (const auto& [name, value] : found) {
        if (is_own_field(name)) return "must not hold what the sender sets itself, such as Content-Type";
        into.otlp_headers.emplace_back(name, std::make_shared<const secret>(secret::copy_of(value)));
    }
    return {};
}

std::string print_otlp_headers(const configuration& from) {
    std::string text;
    for (const auto& [name, value] : from.otlp_headers)
        text.append(text.empty() ? "" : ",").append(name).append("=***");
    return text;
}

complaint read_resource_attributes(std::string_view text, configuration& into) {
    return read_pairs(text, into.resource_attributes);
}

std::string print_resource_attributes(const configuration& from) {
    std::string text;
    for (const auto& [name, value] : from.resource_attributes) {
        text.append(text.empty() ? "" : ",").append(name).append("=");
        for (const char c : value) {
            const bool is_plain = c > ' ' && c < 0x7f && c != ',' && c != '%';
            text += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return text;
}

complaint read_sampler(std::string_view text, configuration& into) {
    for (const auto& row : samplers) {
        if (row.name != text) continue;
        into.traces_sampler = row.name;
        into.traces_sampled_by_parent = row.is_parent_based;
        into.traces_fixed_ratio = row.ratio;
        return {};
    }
    return "must be one of: " + names_of_samplers();
}

std::string print_sampler(const configuration& from) {
    return std::string(from.traces_sampler);
}

complaint read_sampler_ratio(std::string_view text, configuration& into) {
    const std::string digits(text);
    char* end = nullptr;
    const double ratio = std::strtod(digits.c_str(), &end); // from_chars is 20 KB of the image
    const bool is_number =
        !digits.empty() && *end == '\0' && digits.find_first_not_of("0123456789.") == std::string::npos;
    if (!is_number || !(ratio >= 0 && ratio <= 1)) return "must be a number from 0 to 1";
    into.traces_ratio = ratio;
    return {};
}

std::string print_sampler_ratio(const configuration& from) {
    return fmt::format("{}", from.traces_ratio);
}

} // namespace byot::config
