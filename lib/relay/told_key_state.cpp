#include "relay/told_key_state.hpp"

#include "core/encoding.hpp"

namespace byot::relay {

std::optional<vault::key_state> parse_told_state(std::string_view text) noexcept {
    if (text == "rejected") return vault::key_state::rejected;
    if (text == "exhausted") return vault::key_state::exhausted;
    return std::nullopt;
}

std::optional<vault::key_state> told_key_state(const http::response_head& upstream) {
    std::optional<vault::key_state> told;
    http::for_each_field(upstream.fields, [&](std::string_view name, std::string_view value) {
        if (!equals_ignoring_case(name, key_state_name)) return;
        if (const auto state = parse_told_state(value)) told = state;
    });
    return told;
}

} // namespace byot::relay
