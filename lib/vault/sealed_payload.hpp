#pragma once

#include "core/secret.hpp"
#include "core/user_id.hpp"

#include <optional>
#include <string_view>

namespace byot::vault {

/// What a sealed box says (README.md of this room), version 1. The views lie in `memory`.
struct sealed_payload {
    secret memory;
    std::string_view uid;
    std::optional<std::string_view> tenant; ///< nothing where it does not say
    std::string_view provider;
    std::string_view key_id;
    std::string_view api_key;
};

/// The payload's text, with the tenant where there is one. Throws std::logic_error when a part is no UTF-8,
/// for JSON cannot say it.
secret write_payload(const user_id& who, std::string_view provider, std::string_view key_id,
                     std::string_view api_key);

/// Reads a payload's text, strictly: an object of the five members, each once, and of `tenant` at most once;
/// `v` the integer 1, the others strings, `tenant` or null: Firebase's own clients have that for none.
/// Nothing on any breach.
std::optional<sealed_payload> parse_payload(std::string_view text);

} // namespace byot::vault
