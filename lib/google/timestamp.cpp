#include "google/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>

namespace byot::google {
namespace {

using namespace std::chrono;

constexpr std::int64_t first_second = -62135596800; // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253402300799;  // 9999-12-31T23:59:59Z
constexpr std::int32_t second_in_nanoseconds = 1'000'000'000;
constexpr std::int32_t millisecond_in_nanoseconds = 1'000'000;
constexpr std::size_t most_digits = 9;

bool is_in_range(firestore_timestamp when) noexcept {
    return when.seconds >= first_second && when.seconds <= last_second && when.nanoseconds >= 0 &&
           when.nanoseconds < second_in_nanoseconds;
}

/// The nanoseconds of an RFC 3339 text's fraction, 0 without one; nothing when they are finer.
std::optional<std::int32_t> read_nanoseconds(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos) return 0;
    text.remove_prefix(point + 1);
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits > most_digits) return std::nullopt;
    std::int32_t nanoseconds = 0;
    std::from_chars(text.data(), text.data() + digits, nanoseconds);
    for (auto i = digits; i < most_digits; ++i) nanoseconds *= 10;
    return nanoseconds;
}

void append_fraction(std::string& out, std::int32_t nanoseconds) {
    if (nanoseconds == 0) return;
    auto end = std::back_inserter(out);
    if (nanoseconds % millisecond_in_nanoseconds == 0) {
        fmt::format_to(end, ".{:03}", nanoseconds / millisecond_in_nanoseconds);
    } else if (nanoseconds % 1000 == 0) {
        fmt::format_to(end, ".{:06}", nanoseconds / 1000);
    } else {
        fmt::format_to(end, ".{:09}", nanoseconds);
    }
}

} // namespace

firestore_timestamp to_timestamp(wall_time when) noexcept {
    const auto second = floor<seconds>(when);
    return {second.time_since_epoch().count(),
            static_cast<std::int32_t>(duration_cast<nanoseconds>(when - second).count())};
}

wall_time to_wall_time(firestore_timestamp when) noexcept {
    return wall_time(seconds(when.seconds)) + milliseconds(when.nanoseconds / millisecond_in_nanoseconds);
}

std::optional<firestore_timestamp> parse_timestamp(std::string_view text) {
    const auto when = parse_rfc3339(text);
    const auto fraction = read_nanoseconds(text);
    if (!when || !fraction) return std::nullopt;
    return firestore_timestamp{floor<seconds>(*when).time_since_epoch().count(), *fraction};
}

void append_timestamp(std::string& out, firestore_timestamp when) {
    if (!is_in_range(when)) throw std::invalid_argument("a time outside of the years 0001 to 9999");
    append_rfc3339(out, to_wall_time({when.seconds, 0}));
    out.resize(out.size() - std::string_view(".000Z").size());
    append_fraction(out, when.nanoseconds);
    out += 'Z';
}

} // namespace byot::google
