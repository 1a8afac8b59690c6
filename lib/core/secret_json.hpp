#pragma once

#include "core/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace byot {

/// One step through a JSON text.
struct json_token {
    enum class kind : std::uint8_t {
        object_begin,
        object_end,
        array_begin,
        array_end,
        name,
        string,
        integer, ///< that fits 64 bits
        null,
        other, ///< a boolean or another number: no text with secrets needs its value
    };
    kind what;
    std::string_view text;   ///< of a name or a string, in locked memory
    std::int64_t number = 0; ///< of an integer
};

/// A JSON text that holds secrets, read without a copy of its strings in ordinary memory.
struct secret_json {
    secret memory; ///< what the tokens' texts lie in
    std::vector<json_token> tokens;
};

/// Reads one JSON text (RFC 8259), strictly: UTF-8, at most 4 levels, nothing after it. Repeated names are
/// for the caller to see.
std::optional<secret_json> read_secret_json(std::string_view text);

/// How many bytes a text takes at most as a JSON string with its quotes.
constexpr std::size_t longest_json_string(std::string_view text) noexcept {
    return 6 * text.size() + 2;
}
/// Appends `text`, which is UTF-8, as a JSON string with its quotes. Precondition: it fits in the capacity.
void append_json_string(secret& out, std::string_view text) noexcept;

} // namespace byot
