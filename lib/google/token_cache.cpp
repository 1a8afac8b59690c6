#include "google/token_cache.hpp"

#include "google/token_source.hpp"

#include <algorithm>

namespace byot::google {
namespace {

using namespace std::chrono_literals;

/// Google's metadata server gives out a new token from 5 minutes before the old one ends, so not earlier
/// (https://cloud.google.com/compute/docs/access/authenticate-workloads).
constexpr std::chrono::milliseconds usual_lead = 225s;
constexpr std::chrono::milliseconds least_pause = 1s;
constexpr std::chrono::milliseconds most_pause = 30s;
/// A clock that stands this much before the last success was set back since; what it says of the expiry is
/// not to be trusted for long.
constexpr std::chrono::milliseconds set_back = 1min;

/// A short-lived one is fetched anew in the middle of the time in which it may be handed out.
std::chrono::milliseconds lead_of(const token_cache& cache) noexcept {
    const auto life = cache.expires_at - cache.fetched_at;
    return std::min<std::chrono::milliseconds>(usual_lead, (life + token_source::least_left) / 2);
}

bool was_set_back(const token_cache& cache, wall_time now) noexcept {
    return now < cache.fetched_at - set_back;
}

bool is_due(const token_cache& cache, wall_time now) noexcept {
    return now >= cache.expires_at - lead_of(cache) || was_set_back(cache, now);
}

/// A clock that was set back must not keep a refused token for longer than the interval.
bool was_just_dropped(const token_cache& cache, wall_time now) noexcept {
    if (!cache.dropped_at) return false;
    const auto since = now - *cache.dropped_at;
    return since < token_source::refusal_interval && -since < token_source::refusal_interval;
}

} // namespace

bool is_usable(const token_cache& cache, wall_time now) noexcept {
    return cache.token && now + token_source::least_left <= cache.expires_at;
}

bool may_attempt(const token_cache& cache, wall_time now) noexcept {
    return cache.failures == 0 || now >= cache.retry_at || cache.retry_at - now > most_pause;
}

token_step before_fetch(const token_cache& cache, wall_time now) noexcept {
    if (!is_usable(cache, now)) return may_attempt(cache, now) ? token_step::fetch : token_step::give_up;
    return is_due(cache, now) && may_attempt(cache, now) ? token_step::use_and_fetch : token_step::use;
}

void note_success(token_cache& cache, issued_token issued, wall_time now) {
    if (issued.text.empty() || issued.expires_at < now + token_source::least_left) {
        note_failure(cache, now);
        return;
    }
    cache.token = std::make_shared<const secret>(std::move(issued.text));
    cache.fetched_at = now;
    cache.expires_at = issued.expires_at;
    cache.failures = 0;
}

void note_failure(token_cache& cache, wall_time now) noexcept {
    const auto pause = least_pause * (1u << std::min(cache.failures, 5u));
    cache.retry_at = now + std::min(pause, most_pause);
    ++cache.failures;
}

void note_refusal(token_cache& cache, const secret& refused, wall_time now) noexcept {
    if (!cache.token || cache.token->expose() != refused.expose() || was_just_dropped(cache, now)) return;
    cache.token = nullptr;
    cache.dropped_at = now;
}

std::chrono::milliseconds refresh_delay(const token_cache& cache, wall_time now, double jitter) noexcept {
    if (cache.failures > 0) return std::clamp(cache.retry_at - now, 0ms, most_pause);
    if (!cache.token || was_set_back(cache, now)) return 0ms;
    const std::chrono::duration<double, std::milli> lead = lead_of(cache) * (1 + 0.2 * jitter);
    const auto due = cache.expires_at - std::chrono::duration_cast<std::chrono::milliseconds>(lead);
    return std::max(due - now, 0ms);
}

} // namespace byot::google
