#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace byot::relay {

/// Which answers a field of the upstream's goes on with.
enum class passes : std::uint8_t {
    always,
    never,
    with_new_address, ///< 201 and 3xx
    with_method,      ///< 405
    with_range,       ///< 206 and 416
    with_media_type,  ///< 415
};

/// One row of the table of the upstream's fields.
struct answer_field {
    std::string_view name; ///< in lower case
    passes when;
    std::string_view why;
};

/// Every field that a server is known to send, in no order that matters. What is not in it does not pass, but
/// for x-genkit-*.
std::span<const answer_field> answer_fields() noexcept;

/// Whether a field of an answer of that status goes on to the client, its name in any case.
bool passes_to_client(std::string_view name, unsigned status) noexcept;

} // namespace byot::relay
