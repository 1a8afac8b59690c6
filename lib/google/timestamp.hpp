#pragma once

#include "core/clock.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace byot::google {

/// Seconds since 1970 and nanoseconds of that second, 0 to 999,999,999; years 0001 to 9999. Firestore keeps
/// microseconds.
struct firestore_timestamp {
    std::int64_t seconds = 0;
    std::int32_t nanoseconds = 0;
    auto operator<=>(const firestore_timestamp&) const = default;
};
firestore_timestamp to_timestamp(wall_time when) noexcept;
/// Cut to milliseconds.
wall_time to_wall_time(firestore_timestamp when) noexcept;

/// RFC 3339 with any offset and up to nine digits of a fraction; nothing when it is not that or outside of
/// the years 0001 to 9999 (https://protobuf.dev/programming-guides/json/).
std::optional<firestore_timestamp> parse_timestamp(std::string_view text);
/// Appends RFC 3339 in UTC with 0, 3, 6 or 9 digits of a fraction, as Google's answers have it. Throws
/// std::invalid_argument for what is out of range.
void append_timestamp(std::string& out, firestore_timestamp when);

} // namespace byot::google
