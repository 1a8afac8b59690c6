#pragma once

#include "config/configuration.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::app {

/// What keeps no server from starting and will be missed later.
struct start_note {
    std::string about; ///< a variable or a limit of the process
    std::string message;
    std::vector<std::pair<std::string_view, std::uint64_t>> facts;
};

/// What this process lacks for such a configuration: memory that can be locked, descriptors, certificates to
/// trust. Makes and changes nothing; reads files, so it may block.
std::vector<start_note> notes_of_start(const config::configuration& values);

/// As warnings in the log.
void tell(telemetry::log& log, const std::vector<start_note>& notes);

/// A line each on standard error, "VARIABLE: sentence (fact N, …)".
void print(const std::vector<start_note>& notes);

} // namespace byot::app
