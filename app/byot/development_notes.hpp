#pragma once

#include "config/configuration.hpp"
#include "telemetry/log.hpp"

#include <string>
#include <vector>

namespace byot::app {

/// The variables by which a service is put in the place of the real one, or a check is left out: emulators,
/// addresses over plain http, and switches that are off.
std::vector<std::string> variables_of_development(const config::configuration& values);

/// Tells the log: a warning when an emulator's unsigned tokens are accepted, since whoever reaches the
/// service can then be any user, and one line for the rest of these variables.
void tell_development(telemetry::log& log, const config::configuration& values);

} // namespace byot::app
