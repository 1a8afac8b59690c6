#include "memory_lock.hpp"

#include "core/locked_pages.hpp"

#include <sys/resource.h>

namespace byot::app {
namespace {

/// Scratch memory, the blocks that connections pass on, slots for keys: what a busy reactor has.
constexpr std::size_t locked_by_a_reactor = 2 * 1024 * 1024;

} // namespace

void warn_if_memory_cannot_be_locked(telemetry::log& log, unsigned reactors) {
    const auto wanted = reactors * locked_by_a_reactor;
    if (can_lock(wanted)) return;
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    log.write(log.line(telemetry::level::warning,
                       "memory that holds keys may be swapped out: raise RLIMIT_MEMLOCK (ulimit -l)")
                  .add("bytesWanted", static_cast<std::uint64_t>(wanted))
                  .add("bytesAllowed", static_cast<std::uint64_t>(limit.rlim_cur)));
}

} // namespace byot::app
