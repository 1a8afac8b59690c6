#pragma once

#include "telemetry/log.hpp"

namespace byot::app {

/// Writes a warning when the system does not let this process lock the memory that so many reactors keep keys
/// and tokens in. The server works all the same; a machine that swaps may then write a key to its disk.
void warn_if_memory_cannot_be_locked(telemetry::log& log, unsigned reactors);

} // namespace byot::app
