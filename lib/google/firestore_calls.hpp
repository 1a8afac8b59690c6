#pragma once

// What a call's end means: the decisions of `firestore_client`, without its I/O; private to this room.

#include "core/failure.hpp"
#include "google/firestore_write.hpp"
#include "google/retry.hpp"

#include <span>

namespace byot::google {

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
