#pragma once

#include "core/secret.hpp"

#include <optional>
#include <string_view>

namespace byot::vault {

/// What a sealed box says (DESIGN §1.3), version 1. The views lie in `memory`.
struct sealed_payload {
    secret memory;
    std::string_view uid;
    std::string_view provider;
    std::string_view key_id;
    std::string_view api_key;
};

/// The payload's text. Throws std::logic_error when a part is no UTF-8, for JSON cannot say it.
secret write_payload(std::string_view uid, std::string_view provider, std::string_view key_id,
                     std::string_view api_key);

/// Reads a payload's text, strictly: an object of exactly the five members, each once, `v` the integer 1, the
/// others strings. Nothing on any breach.
std::optional<sealed_payload> parse_payload(std::string_view text);

} // namespace byot::vault
