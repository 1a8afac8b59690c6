#pragma once

// When a token is handed out, fetched again or given up: the decisions of `token_source`, without its I/O;
// private to this room.

#include "google/token_answer.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace byot::google {

/// What is known about one token. A value.
struct token_cache {
    std::shared_ptr<const secret> token; ///< null before the first success, and once it was refused
    wall_time fetched_at{};              ///< the last success
    wall_time expires_at{};
    unsigned failures = 0;               ///< since the last success
    wall_time retry_at{};                ///< no attempt before, when there are failures
    std::optional<wall_time> dropped_at; ///< when a refused token was last dropped
};

enum class token_step : std::uint8_t {
    use,           ///< the token is good
    use_and_fetch, ///< it is good, and an attempt is due behind it
    fetch,         ///< wait for a fetch, then look again
    give_up,       ///< there is none, and the back-off allows no attempt
};

token_step before_fetch(const token_cache& cache, wall_time now) noexcept;

/// Whether it may be handed out: not refused, and it lasts for a request's way to whoever checks it.
bool is_usable(const token_cache& cache, wall_time now) noexcept;
/// Whether the back-off allows an attempt.
bool may_attempt(const token_cache& cache, wall_time now) noexcept;

/// Notes an answer. One that is as good as expired when it comes counts as a failure.
void note_success(token_cache& cache, issued_token issued, wall_time now);
/// Notes a failure: the next attempt comes after 1 s, doubled each time up to 30 s.
void note_failure(token_cache& cache, wall_time now) noexcept;
/// Notes that Google refused a token. The one at hand is dropped when it is that one, but at most every
/// `token_source::refusal_interval`: a refusal may have another cause, which fetching does not cure.
void note_refusal(token_cache& cache, const secret& refused, wall_time now) noexcept;

/// How long the refresh in the background waits: until 225 s before the expiry (or half of the time in which
/// it may be handed out, when that is shorter), earlier by up to a fifth of that by `jitter` (0 … 1), or
/// until the back-off ends.
std::chrono::milliseconds refresh_delay(const token_cache& cache, wall_time now, double jitter) noexcept;

} // namespace byot::google
