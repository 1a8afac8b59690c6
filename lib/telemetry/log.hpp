#pragma once

#include "telemetry/log_line.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace byot::telemetry {

class log_writer;

/// Where lines go: standard error, written by a thread of its own in batches, so that no reactor waits for a
/// pipe. Beyond 8 MiB waiting, or without memory, lines are dropped and their number is logged later. Any
/// thread may write.
class log {
public:
    /// Begins the thread, which writes to the descriptor; that stays the caller's. Lines below `least` are
    /// not written.
    log(log_format format, level least, int descriptor = 2);
    /// Writes what waits, for at most a second where the descriptor takes nothing.
    ~log();

    /// Whether a line of that severity is written at all.
    bool takes(level severity) const noexcept { return severity >= least_; }
    /// For who makes a line elsewhere, in the form that this log's lines have.
    log_format format() const noexcept { return format_; }
    /// A line to add values to, then `write` it.
    log_line line(level severity, std::string_view message) const;
    void write(log_line line);
    /// A line without values, unless it is below `least`.
    void write(level severity, std::string_view message);
    /// Counts a line that could not be made among those dropped.
    void drop() noexcept;
    /// Lines dropped so far.
    std::uint64_t lost() const noexcept;

private:
    log_format format_;
    level least_;
    std::shared_ptr<log_writer> writer_;
};

} // namespace byot::telemetry
