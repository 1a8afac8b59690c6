#include "net/refreshed_value.hpp"

#include <sodium.h>

#include <algorithm>

namespace byot::net {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds least_pause = 1s;
constexpr std::chrono::milliseconds most_pause = 30s;

} // namespace

bool fetch_history::may_attempt(wall_time now) const noexcept {
    return failures == 0 || now >= retry_at || retry_at - now > most_pause;
}

bool fetch_history::was_forced(std::chrono::milliseconds interval, wall_time now) const noexcept {
    return forced_at && now - *forced_at < interval && *forced_at - now < interval;
}

bool fetch_history::was_set_back(std::chrono::milliseconds tolerance, wall_time now) const noexcept {
    return now < fetched_at - tolerance;
}

std::chrono::milliseconds fetch_history::delay(wall_time due, wall_time now) const noexcept {
    if (failures > 0) return may_attempt(now) ? 0ms : std::clamp(retry_at - now, 0ms, most_pause);
    return std::max(due - now, 0ms);
}

void fetch_history::note_success(wall_time expires, wall_time now) noexcept {
    fetched_at = now;
    expires_at = expires;
    failures = 0;
}

void fetch_history::note_failure(wall_time now) noexcept {
    const auto pause = least_pause * (1u << std::min(failures, 5u));
    retry_at = now + std::min(pause, most_pause);
    ++failures;
}

void single_flight::begin() noexcept {
    is_under_way_ = true;
    ++count_;
}

void single_flight::end() {
    is_under_way_ = false;
    const auto waiting = std::exchange(waiters_, {});
    for (async_event* const waiter : waiting) waiter->notify();
}

task<void> single_flight::ended() {
    if (!is_under_way_) co_return;
    async_event end;
    waiters_.push_back(&end);
    co_await end.wait();
}

double random_share() noexcept {
    return randombytes_uniform(1001) / 1000.0;
}

} // namespace byot::net
