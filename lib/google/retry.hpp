#pragma once

#include "core/clock.hpp"
#include "core/failure.hpp"
#include "google/firestore_write.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

// How a call of Firestore ended and what that means: decisions, without I/O.
namespace byot::google {

/// google.rpc.Code, as far as Firestore answers it (https://cloud.google.com/apis/design/errors).
enum class rpc_status : std::uint8_t {
    ok,
    cancelled,
    unknown,
    invalid_argument,
    deadline_exceeded,
    not_found,
    already_exists,
    permission_denied,
    resource_exhausted,
    failed_precondition,
    aborted,
    out_of_range,
    unimplemented,
    internal,
    unavailable,
    data_loss,
    unauthenticated,
};

std::string_view name_of(rpc_status status) noexcept;

/// The status of an answer: by `error.status` of its body (an object, or an array that begins with one), for
/// 409 is ALREADY_EXISTS or ABORTED and 400 FAILED_PRECONDITION or INVALID_ARGUMENT; by the HTTP status where
/// the body does not say, but then never NOT_FOUND nor ALREADY_EXISTS, which speak of a document. Never by
/// the message. 200 is `ok`, whatever the body; any status without a meaning is `unknown`.
rpc_status classify(unsigned http_status, std::string_view body);

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

/// Conditional when each write's own success ends its precondition and nothing is computed from what is
/// there; a deletion of what must not be there is only a check beside such writes.
repeatability nature_of(std::span<const firestore_write> writes) noexcept;

/// Whether a precondition of a commit was not met. NOT_FOUND is one only as the answer to exists:true or an
/// update time; a missing database answers it too, so the read that follows tells.
bool is_refusal(attempt_end end) noexcept;

/// `store_unavailable`, saying which status it was.
failure failed_call(attempt_end end);
/// The same for an answer that is not what Firestore documents.
failure unreadable_answer();

} // namespace byot::google
