#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace byot::telemetry {

/// How grave a line is, in rising order; named as Cloud Logging's LogSeverity.
enum class level : std::uint8_t { debug, info, warning, error };
/// One JSON object a line for a collector, or text for people.
enum class log_format : std::uint8_t { json, text };

/// One line of a log: a message and named values, built up in place. There is no way to add a `secret`, and
/// values from outside are escaped.
class log_line {
public:
    /// Throws std::bad_alloc where there is no memory, as `add` and `begin` do.
    log_line(log_format format, level severity, wall_time when, std::string_view message);
    /// A value under a name. Names are this program's own and stand as they are in text.
    log_line& add(std::string_view name, std::string_view value);
    log_line& add(std::string_view name, const std::string& value) {
        return add(name, std::string_view(value));
    }
    log_line& add(std::string_view name, const char* value) { return add(name, std::string_view(value)); }
    log_line& add(std::string_view name, std::int64_t value);
    log_line& add(std::string_view name, std::uint64_t value);
    log_line& add(std::string_view name, int value) { return add(name, static_cast<std::int64_t>(value)); }
    log_line& add(std::string_view name, unsigned value) {
        return add(name, static_cast<std::uint64_t>(value));
    }
    log_line& add(std::string_view name, bool value);
    template <class T>
    log_line& add(std::string_view name, const T& value) = delete;
    /// Values until `end` are members of an object of that name (in text they are named "name.member").
    log_line& begin(std::string_view name);
    log_line& end();
    /// The line with its newline.
    std::string finish() &&;
    /// Takes the memory of a finished line that was written, for this thread's next one: a warm request's
    /// line allocates nothing.
    static void reuse(std::string&& finished) noexcept;

private:
    void add_name(std::string_view name);

    log_format format_;
    bool is_first_in_object_ = false;
    std::string_view object_;
    std::string text_;
};

} // namespace byot::telemetry
