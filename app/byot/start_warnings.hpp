#pragma once

#include "config/configuration.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::app {

/// What keeps no server from starting and may be missed later.
struct start_warning {
    std::string about; ///< a variable or a limit of the process
    std::string message;
    std::vector<std::pair<std::string_view, std::uint64_t>> facts;
};

/// What this process lacks for such a configuration: memory that can be locked, descriptors, certificates to
/// trust. Makes and changes nothing; reads files, so it may block.
std::vector<start_warning> warnings_of_start(const config::configuration& values);

/// As warnings in the log.
void tell(telemetry::log& log, const std::vector<start_warning>& warnings);

/// A line each on standard error, "VARIABLE: sentence (fact N, …)".
void print(const std::vector<start_warning>& warnings);

/// Tells the log: a warning when an emulator's unsigned tokens are accepted, since whoever reaches the
/// service can then be any user, and one line for the rest of these variables.
void tell_development(telemetry::log& log, const config::configuration& values);

/// Warns of a service on Cloud Run whose tokens come through a gateway (BYOT_TOKEN_FIELD) while
/// BYOT_TRUSTED_HOPS leaves that gateway out: its address would be every client's.
void warn_if_gateway_is_no_hop(telemetry::log& log, const config::configuration& values);

} // namespace byot::app
