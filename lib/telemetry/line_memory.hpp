#pragma once

#include <string>

namespace byot::telemetry {

/// An empty string with the memory of a line that was written before, so that a warm request's log line
/// allocates nothing. One a thread is kept.
std::string take_line_memory() noexcept;
void give_line_memory_back(std::string&& line) noexcept;

} // namespace byot::telemetry
