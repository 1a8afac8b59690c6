#include "core/clock.hpp"

#include <fmt/compile.h>

#include <array>
#include <iterator>

namespace byot {
namespace {

using namespace std::chrono;

/// A moment taken apart, in UTC.
struct civil_time {
    year_month_day date;
    weekday day_name;
    hh_mm_ss<milliseconds> time;
};

civil_time take_apart(wall_time when) {
    const auto midnight = floor<days>(when);
    return {year_month_day(midnight), weekday(midnight), hh_mm_ss<milliseconds>(when - midnight)};
}

/// Reads a text from its front; once something was not as expected, `is_good` stays false.
class reader {
public:
    explicit reader(std::string_view text) : rest_(text) {}

    int digits(std::size_t count) {
        int number = 0;
        for (; count > 0; --count) number = number * 10 + digit();
        return number;
    }
    /// The character, one of those expected; case matters not for letters (RFC 3339 §5.6).
    char one_of(std::string_view expected) {
        if (rest_.empty() || expected.find(rest_.front()) == std::string_view::npos) return fail();
        return next();
    }
    /// An optional fraction of a second, cut to milliseconds.
    milliseconds fraction() {
        if (rest_.empty() || rest_.front() != '.') return milliseconds(0);
        next();
        int value = digit() * 100;
        for (int weight = 10; is_good_ && !rest_.empty() && is_digit(rest_.front()); weight /= 10) {
            value += digit() * weight;
        }
        return milliseconds(value);
    }
    bool is_good() const { return is_good_; }
    bool is_at_end() const { return rest_.empty(); }

private:
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    char next() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    char fail() {
        is_good_ = false;
        return '\0';
    }
    int digit() {
        if (rest_.empty() || !is_digit(rest_.front())) {
            fail();
            return 0;
        }
        return next() - '0';
    }

    std::string_view rest_;
    bool is_good_ = true;
};

/// `time-offset`: what to subtract to get UTC; nothing when its hour or minute does not exist.
std::optional<minutes> read_offset(reader& in) {
    const char sign = in.one_of("Zz+-");
    if (sign == 'Z' || sign == 'z') return minutes(0);
    const int hour = in.digits(2);
    in.one_of(":");
    const int minute = in.digits(2);
    if (hour > 23 || minute > 59) return std::nullopt;
    const auto offset = hours(hour) + minutes(minute);
    return sign == '-' ? -offset : offset;
}

bool is_in_range(wall_time when) {
    return when >= sys_days(year(1) / January / 1) && when < sys_days(year(10000) / January / 1);
}

} // namespace

wall_time wall_now() noexcept {
    return floor<milliseconds>(system_clock::now());
}

steady_time steady_now() noexcept {
    return steady_clock::now();
}

std::string format_rfc3339(wall_time when) {
    std::string text;
    append_rfc3339(text, when);
    return text;
}

void append_rfc3339(std::string& out, wall_time when) {
    const auto at = take_apart(when);
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"),
                   static_cast<int>(at.date.year()), static_cast<unsigned>(at.date.month()),
                   static_cast<unsigned>(at.date.day()), at.time.hours().count(), at.time.minutes().count(),
                   at.time.seconds().count(), at.time.subseconds().count());
}

std::optional<wall_time> parse_rfc3339(std::string_view text) {
    reader in(text);
    const year y(in.digits(4));
    in.one_of("-");
    const month m(static_cast<unsigned>(in.digits(2)));
    in.one_of("-");
    const day d(static_cast<unsigned>(in.digits(2)));
    in.one_of("Tt");
    const int hour = in.digits(2);
    in.one_of(":");
    const int minute = in.digits(2);
    in.one_of(":");
    const int second = in.digits(2);
    const auto fraction = in.fraction();
    const auto offset = read_offset(in);

    const auto date = y / m / d;
    if (!in.is_good() || !in.is_at_end() || !offset || !date.ok()) return std::nullopt;
    if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const wall_time when =
        sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + fraction - *offset;
    return is_in_range(when) ? std::optional(when) : std::nullopt;
}

std::string format_http_date(wall_time when) {
    constexpr std::array day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto at = take_apart(when);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", day_names.at(at.day_name.c_encoding()),
                       static_cast<unsigned>(at.date.day()),
                       month_names.at(static_cast<unsigned>(at.date.month()) - 1),
                       static_cast<int>(at.date.year()), at.time.hours().count(), at.time.minutes().count(),
                       at.time.seconds().count());
}

} // namespace byot
