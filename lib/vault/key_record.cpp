#include "vault/key_record.hpp"

#include <algorithm>
#include <array>

namespace byot::vault {
namespace {

constexpr std::array<std::string_view, 6> state_names{"unverified", "verified", "rejected",
                                                      "exhausted",  "expired",  "undecryptable"};
constexpr std::size_t longest_key = 4096;
constexpr std::size_t shortest_hinted_key = 12;
constexpr std::size_t hint_size = 4;

} // namespace

std::string_view name_of(key_state state) noexcept {
    return state_names[static_cast<std::size_t>(state)];
}

std::optional<key_state> parse_key_state(std::string_view name) noexcept {
    const auto found = std::find(state_names.begin(), state_names.end(), name);
    if (found == state_names.end()) return std::nullopt;
    return static_cast<key_state>(found - state_names.begin());
}

key_state state_at(const key_record& record, wall_time now) noexcept {
    return record.expires_at && *record.expires_at <= now ? key_state::expired : record.state;
}

bool is_possible_key(std::string_view text) noexcept {
    const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
    return !text.empty() && text.size() <= longest_key && std::all_of(text.begin(), text.end(), is_visible);
}

std::string hint_of(const secret& api_key) {
    const auto text = api_key.expose();
    if (text.size() < shortest_hinted_key) return {};
    return std::string(text.substr(text.size() - hint_size));
}

} // namespace byot::vault
