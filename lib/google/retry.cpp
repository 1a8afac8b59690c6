#include "google/retry.hpp"

#include <algorithm>
#include <cmath>

namespace byot::google {
namespace {

using end_kind = attempt_end::kind;
using step_kind = retry_step::kind;

constexpr double first_pause = 100; // ms
constexpr double growth = 1.3;
constexpr double longest_pause = 60'000;

/// The server said no before it did anything.
bool is_certainly_not_made(attempt_end end) noexcept {
    return end.what == end_kind::not_sent ||
           (end.what == end_kind::answered &&
            (end.status == rpc_status::resource_exhausted || end.status == rpc_status::aborted));
}

/// The server gave up somewhere on the way, or nobody knows.
bool is_unclear(attempt_end end) noexcept {
    if (end.what != end_kind::answered) return end.what == end_kind::lost;
    switch (end.status) {
    case rpc_status::deadline_exceeded:
    case rpc_status::internal:
    case rpc_status::unavailable:
    case rpc_status::unknown:
        return true;
    default:
        return false;
    }
}

bool is_repeatable(repeatability nature, attempt_end end) noexcept {
    if (is_certainly_not_made(end)) return true;
    return is_unclear(end) && nature != repeatability::unconditional;
}

std::chrono::milliseconds pause_after(unsigned attempts, double jitter) noexcept {
    const double whole = std::min(first_pause * std::pow(growth, attempts - 1), longest_pause);
    return std::chrono::milliseconds(std::lround(whole * (1 - jitter / 2)));
}

} // namespace

retry_step retry_decision(call_history& history, attempt_end end, steady_time now, double jitter) noexcept {
    ++history.attempts;
    if (is_unclear(end) && history.nature != repeatability::read) history.may_have_been_made = true;
    const bool wants_token = end.what == end_kind::answered && end.status == rpc_status::unauthenticated;
    if (wants_token && !history.has_renewed_token && now < history.limit) {
        history.has_renewed_token = true;
        return {step_kind::again_with_new_token, {}};
    }
    if (!is_repeatable(history.nature, end)) return {};
    const auto pause = pause_after(history.attempts, jitter);
    if (now + pause >= history.limit) return {};
    return {step_kind::again, pause};
}

} // namespace byot::google
