#include "telemetry/trace_context.hpp"

#include <algorithm>

namespace byot::telemetry {
namespace {

constexpr std::size_t trace_id_at = 3;
constexpr std::size_t span_id_at = 36;
constexpr std::size_t flags_at = 53;
constexpr std::size_t known_length = 55;

constexpr bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

constexpr bool is_odd(char hex_digit) {
    return std::string_view("13579bdf").find(hex_digit) != std::string_view::npos;
}

bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_hex_digit);
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

// A later version may add fields after a hyphen (§4.3); version 00 ends with its flags.
bool has_valid_length(std::string_view value, std::string_view version) {
    if (value.size() == known_length) return true;
    return version != "00" && value.size() > known_length && value[known_length] == '-';
}

} // namespace

std::optional<trace_context> parse_traceparent(std::string_view value) noexcept {
    if (value.size() < known_length) return std::nullopt;
    const auto version = value.substr(0, 2);
    const auto flags = value.substr(flags_at, 2);
    const trace_context found{value.substr(trace_id_at, 32), value.substr(span_id_at, 16), is_odd(flags[1])};
    if (value[2] != '-' || value[span_id_at - 1] != '-' || value[flags_at - 1] != '-') return std::nullopt;
    if (!is_hex(version) || version == "ff" || !has_valid_length(value, version)) return std::nullopt;
    if (!is_id(found.trace_id) || !is_id(found.span_id) || !is_hex(flags)) return std::nullopt;
    return found;
}

} // namespace byot::telemetry
