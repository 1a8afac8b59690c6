#pragma once

#include "telemetry/log.hpp"

namespace byot::app {

/// Says in the log when the process may open fewer descriptors (RLIMIT_NOFILE) than so many connections may
/// need: two for each, whose request has one to the upstream, and some of its own. Clients over it wait in
/// the kernel's queue, or their requests find no upstream.
void warn_if_descriptors_are_few(telemetry::log& log, unsigned max_connections);

} // namespace byot::app
