#include "auth/certificate_cache.hpp"

#include "auth/certificates.hpp"

#include <algorithm>

namespace byot::auth {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds least_age = 1min;
constexpr std::chrono::seconds most_age = 24h;
constexpr std::chrono::seconds least_pause = 1s;
constexpr std::chrono::seconds most_pause = 30s;

/// How far a clock may be put right without a doubt about the age of what was fetched before.
constexpr std::chrono::minutes clock_correction = 5min;

/// A set from the future is of an unknown age: the clock was set back. It would be trusted until the clock is
/// there again, for ever after a large step.
bool is_of_this_clock(const certificate_cache& cache, wall_time now) noexcept {
    return now >= cache.fetched_at - clock_correction;
}

bool is_fresh(const certificate_cache& cache, wall_time now) noexcept {
    return cache.keys && is_of_this_clock(cache, now) && now <= cache.fetched_at + cache.max_age;
}

bool has(const certificate_cache& cache, std::string_view kid) {
    return cache.keys && cache.keys->contains(kid);
}

/// A clock that was set back must not stop the search for longer than the interval.
bool was_just_searched(const certificate_cache& cache, wall_time now) noexcept {
    if (!cache.searched_at) return false;
    const auto since = now - *cache.searched_at;
    return since < certificate_source::unknown_kid_interval &&
           -since < certificate_source::unknown_kid_interval;
}

} // namespace

bool is_usable(const certificate_cache& cache, wall_time now) noexcept {
    return cache.keys && is_of_this_clock(cache, now) &&
           now <= cache.fetched_at + cache.max_age + certificate_source::grace;
}

bool may_attempt(const certificate_cache& cache, wall_time now) noexcept {
    return cache.failures == 0 || now >= cache.retry_at || cache.retry_at - now > most_pause;
}

certificate_step before_fetch(const certificate_cache& cache, std::string_view kid, wall_time now) {
    const bool is_known = has(cache, kid);
    if (is_known && is_fresh(cache, now)) return certificate_step::use;
    if (is_known && is_usable(cache, now) && cache.failures > 0) {
        return may_attempt(cache, now) ? certificate_step::use_and_fetch : certificate_step::use;
    }
    if (!is_known && is_fresh(cache, now) && was_just_searched(cache, now))
        return after_fetch(cache, kid, now);
    return may_attempt(cache, now) ? certificate_step::fetch : certificate_step::give_up;
}

certificate_step after_fetch(const certificate_cache& cache, std::string_view kid, wall_time now) {
    if (!is_usable(cache, now)) return certificate_step::give_up;
    // A kid that the last good answer lacked may be in the one that could not be had: not the token's fault.
    return cache.failures == 0 || has(cache, kid) ? certificate_step::use : certificate_step::give_up;
}

void note_success(certificate_cache& cache, std::shared_ptr<const public_keys> keys,
                  std::chrono::seconds said, wall_time now) {
    cache.keys = std::move(keys);
    cache.fetched_at = now;
    cache.max_age = std::clamp(said, least_age, most_age);
    cache.failures = 0;
}

void note_failure(certificate_cache& cache, wall_time now) noexcept {
    const auto pause = least_pause * (1u << std::min(cache.failures, 5u));
    cache.retry_at = now + std::min<std::chrono::seconds>(pause, most_pause);
    ++cache.failures;
}

std::chrono::milliseconds refresh_delay(const certificate_cache& cache, wall_time now,
                                        double jitter) noexcept {
    auto due = now;
    if (cache.failures > 0) {
        due = cache.retry_at;
    } else if (cache.keys && is_of_this_clock(cache, now)) {
        const double share = 0.8 - 0.08 * jitter;
        const std::chrono::duration<double> wait = cache.max_age * share;
        due = cache.fetched_at + std::chrono::duration_cast<std::chrono::milliseconds>(wait);
    }
    return std::clamp(due - now, 0ms, std::chrono::milliseconds(most_age));
}

} // namespace byot::auth
