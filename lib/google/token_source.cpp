#include "google/token_source.hpp"

#include "google/token_cache.hpp"

#include <sodium.h>

#include <mutex>
#include <utility>
#include <vector>

namespace byot::google {
namespace {

using token_answer = result<std::shared_ptr<const secret>>;

/// How often the background looks whether a refresh is due; so late it notices `stop`, or a clock that
/// jumped.
constexpr std::chrono::seconds check_interval{1};

failure unavailable() {
    return {reason::identity_unavailable, "This service's own Google token cannot be had at the moment."};
}

/// 0 … 1, so that instances started together do not fetch together.
double random_share() noexcept {
    return randombytes_uniform(1001) / 1000.0;
}

} // namespace

struct token_source::state {
    state(net::reactor& home_, issue_token issue_) : home(home_), issue(std::move(issue_)) {}

    net::reactor& home;
    const issue_token issue;

    // Of the home reactor alone.
    bool is_fetching = false;
    bool is_stopped = false;
    std::uint64_t fetches = 0;
    std::vector<async_event*> waiters;

    // Of all reactors: a refusal must count at once for the one that tells it. The lock is held for a copy of
    // a pointer and some numbers.
    mutable std::mutex guard;
    token_cache cache;

    token_cache seen() const noexcept {
        const std::lock_guard lock(guard);
        return cache;
    }

    void note(result<issued_token> answer, wall_time now) {
        const std::lock_guard lock(guard);
        if (answer) {
            note_success(cache, std::move(*answer), now);
        } else {
            note_failure(cache, now);
        }
    }

    static task<void> fetch(std::shared_ptr<state> self, wall_time now) {
        self->is_fetching = true;
        ++self->fetches;
        try {
            auto answer = co_await self->issue(steady_now() + fetch_limit);
            self->note(std::move(answer), now);
        } catch (const std::bad_alloc&) {
            self->note(unavailable(), now);
        }
        self->is_fetching = false;
        const auto waiting = std::exchange(self->waiters, {});
        for (async_event* const waiter : waiting) waiter->notify();
    }

    /// One fetch at a time, whoever asks.
    static void start_fetch(const std::shared_ptr<state>& self, wall_time now) {
        if (!self->is_fetching && may_attempt(self->seen(), now)) spawn(fetch(self, now));
    }

    /// The same for one who saw a refresh due; another may have made it since.
    static void start_refresh(const std::shared_ptr<state>& self, wall_time now) {
        if (before_fetch(self->seen(), now) == token_step::use_and_fetch) start_fetch(self, now);
    }

    task<void> fetch_ended() {
        if (!is_fetching) co_return;
        async_event ended;
        waiters.push_back(&ended);
        co_await ended.wait();
    }

    static token_answer answer(const token_cache& known, wall_time now) {
        if (!is_usable(known, now)) return unavailable();
        return known.token;
    }

    /// On the home reactor, which alone knows whether a fetch is under way.
    static task<token_answer> obtain(std::shared_ptr<state> self, wall_time now) {
        auto known = self->seen();
        if (!is_usable(known, now)) {
            start_fetch(self, now);
            co_await self->fetch_ended();
            known = self->seen();
        }
        co_return answer(known, now);
    }

    static task<void> refresh_ahead(std::shared_ptr<state> self) {
        double jitter = random_share();
        while (!self->is_stopped) {
            try {
                if (refresh_delay(self->seen(), wall_now(), jitter).count() == 0) {
                    start_fetch(self, wall_now());
                    co_await self->fetch_ended();
                    jitter = random_share();
                }
            } catch (const std::bad_alloc&) {
                // It is due still when this looks again.
            }
            co_await self->home.sleep_until(steady_now() + check_interval);
        }
    }
};

token_source::token_source(net::reactor& home, issue_token issue)
    : state_(std::make_shared<state>(home, std::move(issue))) {}

task<token_answer> token_source::token(net::reactor& here, wall_time now) {
    const auto self = state_;
    const auto known = self->seen();
    const auto step = before_fetch(known, now);
    if (step == token_step::give_up) co_return unavailable();
    if (step == token_step::use_and_fetch) self->home.post([self, now] { state::start_refresh(self, now); });
    if (step != token_step::fetch) co_return known.token;
    auto ask = [&self, now] { return state::obtain(self, now); };
    co_return co_await net::run_on<token_answer>(self->home, here, std::move(ask));
}

std::shared_ptr<const secret> token_source::current(wall_time now) const noexcept {
    auto known = state_->seen();
    return is_usable(known, now) ? std::move(known.token) : nullptr;
}

void token_source::refuse(const secret& refused, wall_time now) {
    const std::lock_guard lock(state_->guard);
    note_refusal(state_->cache, refused, now);
}

void token_source::keep_fresh() {
    state_->is_stopped = false;
    spawn(state::refresh_ahead(state_));
}

void token_source::stop() {
    state_->is_stopped = true;
}

task<void> token_source::settle() {
    const auto self = state_;
    co_await self->fetch_ended();
}

bool token_source::is_ready() const noexcept {
    return current(wall_now()) != nullptr;
}

std::uint64_t token_source::fetches() const noexcept {
    return state_->fetches;
}

} // namespace byot::google
