#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace byot {

/// A moment of the calendar, for people and protocols. Decisions take it as an argument.
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;
/// A moment of the clock that never jumps, for deadlines.
using steady_time = std::chrono::steady_clock::time_point;

wall_time wall_now() noexcept;     ///< the system's, cut to milliseconds
steady_time steady_now() noexcept; ///< exact; `reactor::coarse_now` is cheaper

/// RFC 3339 in UTC with milliseconds, "2026-01-02T03:04:05.678Z".
std::string format_rfc3339(wall_time when);
/// Appends the same.
void append_rfc3339(std::string& out, wall_time when);
/// RFC 3339 §5.6 `date-time`, any offset, fraction cut to milliseconds; nothing when it is not one or
/// outside the years 0001 to 9999. Second 60 is refused.
std::optional<wall_time> parse_rfc3339(std::string_view text);
/// IMF-fixdate of RFC 9110 §5.6.7, "Fri, 02 Jan 2026 03:04:05 GMT".
std::string format_http_date(wall_time when);

} // namespace byot
