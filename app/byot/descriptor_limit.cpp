#include "descriptor_limit.hpp"

#include <sys/resource.h>

#include <cstdint>

namespace byot::app {
namespace {

/// Event loops, listeners, the database, the log, and calls to Google.
constexpr std::uint64_t own = 64;

} // namespace

void warn_if_descriptors_are_few(telemetry::log& log, unsigned max_connections) {
    rlimit limits{};
    if (::getrlimit(RLIMIT_NOFILE, &limits) != 0) return;
    const auto needed = 2 * std::uint64_t{max_connections} + own;
    if (limits.rlim_cur >= needed) return;
    log.write(
        log.line(telemetry::level::warning,
                 "fewer descriptors than BYOT_MAX_CONNECTIONS may need: lower it, or raise RLIMIT_NOFILE")
            .add("descriptorsAllowed", std::uint64_t{limits.rlim_cur})
            .add("descriptorsWanted", needed));
}

} // namespace byot::app
