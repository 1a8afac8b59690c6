#pragma once

#include <CLI/CLI.hpp>

namespace byot::app {

/// `byot openapi` with the gateway's options, each checked as it is read: a wrong value is told with what to
/// write.
void add_openapi_command(CLI::App& program, int& status);

} // namespace byot::app
