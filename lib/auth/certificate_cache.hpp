#pragma once

// When certificates are used, fetched again or given up: the decisions of `certificate_source`, without its
// I/O; private to this room.

#include "auth/id_token.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace byot::auth {

/// What is known about the signing certificates. A value: a copy of it is what the reactors see.
struct certificate_cache {
    std::shared_ptr<const public_keys> keys; ///< null before the first success
    wall_time fetched_at{};                  ///< the last success
    std::chrono::seconds max_age{0};         ///< of that answer, bounded
    unsigned failures = 0;                   ///< since the last success
    wall_time retry_at{};                    ///< no attempt before, when there are failures
    std::optional<wall_time> searched_at;    ///< the last fetch for a kid that nobody knew
};

enum class certificate_step : std::uint8_t {
    use,           ///< the set answers, whether it has the kid or not
    use_and_fetch, ///< it answers, and an attempt is due behind it
    fetch,         ///< wait for a fetch, then ask `after_fetch`
    give_up,       ///< nothing can be said: `identity_unavailable`
};

/// For a token signed with `kid`: a fresh set that has it is used; after max-age it is fetched; once that
/// failed, a known kid is served from the old set for the grace while attempts go on behind. A kid that a
/// fresh set lacks is searched for at most every `unknown_kid_interval`.
certificate_step before_fetch(const certificate_cache& cache, std::string_view kid, wall_time now);
/// The same once a fetch has ended; only `use` or `give_up`.
certificate_step after_fetch(const certificate_cache& cache, std::string_view kid, wall_time now);

/// Whether tokens can be verified with it: fresh, or within the grace, and not from before the clock was set
/// back by more than 5 minutes.
bool is_usable(const certificate_cache& cache, wall_time now) noexcept;
/// Whether the back-off allows an attempt.
bool may_attempt(const certificate_cache& cache, wall_time now) noexcept;

/// Notes an answer. `said` is bounded to 1 min … 24 h.
void note_success(certificate_cache& cache, std::shared_ptr<const public_keys> keys,
                  std::chrono::seconds said, wall_time now);
/// Notes a failure: the next attempt comes after 1 s, doubled each time up to 30 s.
void note_failure(certificate_cache& cache, wall_time now) noexcept;

/// How long the refresh in the background waits: until 80 % of max-age, less up to a tenth of that by
/// `jitter` (0 … 1), or until the back-off ends.
std::chrono::milliseconds refresh_delay(const certificate_cache& cache, wall_time now,
                                        double jitter) noexcept;

} // namespace byot::auth
