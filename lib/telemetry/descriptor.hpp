#pragma once

#include <string_view>

namespace byot::telemetry {

/// Writes all bytes, waiting where the descriptor does not block; gives up when nobody will ever read them.
void write_all(int descriptor, std::string_view bytes) noexcept;

/// Keeps every signal from this thread: SIGPIPE, which would end the process when a log's reader goes away,
/// and those that other threads wait for.
void block_signals() noexcept;

} // namespace byot::telemetry
