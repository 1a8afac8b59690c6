#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace byot::telemetry {

enum class level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { json, text };

/// One line of a log: a message and named values, built up in place. There is no way to add a `secret`, and
/// values from outside are escaped.
class log_line {
public:
    log_line(log_format format, level severity, wall_time when, std::string_view message);
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

private:
    void add_name(std::string_view name);

    log_format format_;
    bool is_first_in_object_ = false;
    std::string_view object_;
    std::string text_;
};

class log_writer;

/// Where lines go: standard error, written by a thread of its own in batches, so that no reactor waits for a
/// pipe. Beyond 8 MiB waiting, or without memory, lines are dropped and their number is logged later. Any
/// thread may write.
class log {
public:
    log(log_format format, level least, int descriptor = 2);
    /// Writes what waits, for at most a second where the descriptor takes nothing.
    ~log();

    bool takes(level severity) const noexcept { return severity >= least_; }
    log_format format() const noexcept { return format_; }
    /// A line to add values to, then `write` it.
    log_line line(level severity, std::string_view message) const;
    void write(log_line line);
    void write(level severity, std::string_view message);
    /// Counts a line that could not be made among those dropped.
    void drop() noexcept;

private:
    log_format format_;
    level least_;
    std::shared_ptr<log_writer> writer_;
};

} // namespace byot::telemetry
