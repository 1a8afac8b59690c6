#pragma once

#include "core/clock.hpp"
#include "google/firestore_error.hpp"

#include <chrono>
#include <cstdint>

namespace byot::google {

/// What it means to make a call twice.
enum class repeatability : std::uint8_t {
    read,          ///< nothing
    conditional,   ///< a write with a precondition that its own success ends (exists:false, an update time):
                   ///< made once at most, but a repeat of one that was made is refused, as another's write
                   ///< would be
    unconditional, ///< an increment would count twice, a blind write could land on a newer one
};

/// How one attempt of a call ended.
struct attempt_end {
    enum class kind : std::uint8_t {
        answered,
        not_sent, ///< no connection: it cannot have been carried out
        lost,     ///< sent, at least in part, and no whole answer came: it may have been
    };
    kind what = kind::lost;
    rpc_status status = rpc_status::unknown; ///< when answered
};

/// What is known of a call so far.
struct call_history {
    repeatability nature = repeatability::read;
    steady_time limit; ///< of the call, all attempts and pauses together
    unsigned attempts = 0;
    bool may_have_been_made = false; ///< by an attempt whose answer did not say
    bool has_renewed_token = false;
};

/// What comes after an attempt.
struct retry_step {
    enum class kind : std::uint8_t { finish, again, again_with_new_token };
    kind what = kind::finish;
    std::chrono::milliseconds pause{0};
};

/// Notes the attempt and decides. Reads are repeated after a lost answer, DEADLINE_EXCEEDED,
/// RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE, ABORTED and UNKNOWN; conditional writes too;
/// unconditional ones only where they certainly were not made (not sent, RESOURCE_EXHAUSTED, ABORTED). One
/// UNAUTHENTICATED asks for a new token. Pauses begin at 100 ms and grow by 1.3 (Firestore's own client
/// configuration), less up to half of that by `jitter` (0 … 1); one that would reach beyond the limit ends
/// the call instead.
retry_step retry_decision(call_history& history, attempt_end end, steady_time now, double jitter) noexcept;

} // namespace byot::google
