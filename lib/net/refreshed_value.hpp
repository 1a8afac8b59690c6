#pragma once

#include "core/async_event.hpp"
#include "core/clock.hpp"
#include "core/task.hpp"
#include "net/reactor.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace byot::net {

/// How the fetches of a value went so far: when it came, when the next one may begin. Pure; its functions
/// take the time as an argument.
struct fetch_history {
    wall_time fetched_at;               ///< when the last success was asked for
    wall_time expires_at;               ///< of what came then
    unsigned failures = 0;              ///< since the last success
    wall_time retry_at;                 ///< no attempt before, when there are failures
    std::optional<wall_time> forced_at; ///< when a caller last forced a fetch before its time

    /// Whether the back-off allows an attempt. A clock that was set back does not prolong it.
    bool may_attempt(wall_time now) const noexcept;
    /// Whether a caller forced a fetch less than `interval` ago. A clock that was set back does not prolong
    /// that either.
    bool was_forced(std::chrono::milliseconds interval, wall_time now) const noexcept;
    /// Whether the clock stands more than `tolerance` before the last success: it was set back since, and
    /// says nothing of the age of what came then.
    bool was_set_back(std::chrono::milliseconds tolerance, wall_time now) const noexcept;
    /// How long to wait for the next attempt that nobody asks for: to the end of the back-off, 30 s at most;
    /// without failures until `due`. Never negative.
    std::chrono::milliseconds delay(wall_time due, wall_time now) const noexcept;

    void note_success(wall_time expires, wall_time now) noexcept;
    /// The next attempt comes after 1 s, doubled each time up to 30 s.
    void note_failure(wall_time now) noexcept;
};

/// A fetched value, shared and immutable, with the history of its fetches. Cheap to copy.
template <class T>
struct known_value : fetch_history {
    std::shared_ptr<const T> value; ///< null before the first success, and once it was dropped
};

/// What a fetch brought.
template <class T>
struct fetched_value {
    std::shared_ptr<const T> value; ///< null: it failed
    wall_time expires_at;
};

/// What is done for a caller who wants the value.
enum class fetch_step : std::uint8_t {
    use,           ///< what is known answers
    use_and_fetch, ///< it answers, and an attempt is due behind it
    fetch,         ///< wait for a fetch, then decide again
    give_up,       ///< nothing can be said
};

/// One fetch may take so long.
constexpr std::chrono::seconds fetch_limit{5};

/// One fetch at a time and who waits for it, without the fetch. Of one reactor alone.
class single_flight {
public:
    bool is_under_way() const noexcept { return is_under_way_; }
    /// Fetches begun so far.
    std::uint64_t count() const noexcept { return count_; }
    void begin() noexcept;
    /// Wakes everyone who waits.
    void end();
    /// Waits until `end`, or not at all.
    task<void> ended();

private:
    bool is_under_way_ = false;
    std::uint64_t count_ = 0;
    std::vector<async_event*> waiters_;
};

/// 0 … 1, so that instances started together do not fetch together.
double random_share() noexcept;

/// A value that one reactor (its home) fetches for all: refreshed ahead of its end, one fetch at a time,
/// however many callers wait for it. `Rules` decides, and fetches:
///
///     using value_type = …;   // what is fetched
///     using wanted = …;       // what a caller asks for with it; cheap to copy, valid until the answer
///     static fetch_step before_fetch(const known_value<value_type>&, wanted, wall_time now);
///     static fetch_step after_fetch(const known_value<value_type>&, wanted, wall_time now); // use, give_up
///     static bool answers(const known_value<value_type>&, wanted, wall_time now); // no fetch is waited for
///     static bool is_forced(const known_value<value_type>&, wanted); // whether a fetch for it is to be
///     noted static milliseconds refresh_delay(const known_value<value_type>&, wall_time now, double jitter);
///     task<fetched_value<value_type>> fetch(steady_time limit, wall_time now);
///
/// `fetch` runs on the home reactor; std::bad_alloc out of it counts as a failure.
template <class Rules>
class refreshed_value {
public:
    using value_type = Rules::value_type;
    using wanted = Rules::wanted;
    using known = known_value<value_type>;
    using shared_value = std::shared_ptr<const value_type>;

    refreshed_value(reactor& home, Rules rules) : state_(std::make_shared<state>(home, std::move(rules))) {}

    /// The value, fetched if need be; null when it cannot be had. May be called from a coroutine on any
    /// reactor `here`, and is then awaited to its end.
    task<shared_value> get(reactor& here, wanted what, wall_time now) {
        const auto self = state_;
        const auto seen = self->seen();
        const auto step = Rules::before_fetch(seen, what, now);
        if (step == fetch_step::give_up) co_return nullptr;
        if (step == fetch_step::use_and_fetch) self->home.post([self, now] { state::start_due(self, now); });
        if (step != fetch_step::fetch) co_return seen.value;
        auto ask = [&self, &what, now] { return state::obtain(self, what, now); };
        co_return co_await run_on<shared_value>(self->home, here, std::move(ask));
    }

    /// What is known at the moment. Any thread; allocates nothing.
    known seen() const noexcept { return state_->seen(); }
    /// Changes what is known by `change(known&)`, which counts for all at once. Any thread.
    template <class Change>
    void update(Change change) {
        const std::lock_guard lock(state_->guard);
        change(state_->cache);
    }

    /// Fetches now and then again ahead of each end, in the background, until `stop`. Without it nothing is
    /// fetched before the first `get`. On the home reactor, as all that follows.
    void keep_fresh() {
        state_->is_stopped = false;
        spawn(state::refresh_ahead(state_));
    }
    void stop() noexcept { state_->is_stopped = true; }
    /// Waits for a fetch that is under way: at most its own limit, less when `reactor::end_outgoing` breaks
    /// it off.
    task<void> settle() {
        const auto self = state_;
        co_await self->flight.ended();
    }
    /// Fetches made so far.
    std::uint64_t fetches() const noexcept { return state_->flight.count(); }

private:
    struct state;
    std::shared_ptr<state> state_; // of the coroutines too, which may outlive this
};

template <class Rules>
struct refreshed_value<Rules>::state {
    state(reactor& home_, Rules rules_) : home(home_), rules(std::move(rules_)) {}

    reactor& home;
    Rules rules;

    // Of the home reactor alone.
    single_flight flight;
    bool is_stopped = false;

    // Of all reactors: a change must count at once for the one that makes it. The lock is held for a copy of
    // a pointer and some numbers.
    mutable std::mutex guard;
    known cache;

    known seen() const noexcept {
        const std::lock_guard lock(guard);
        return cache;
    }

    /// That a fetch was forced is known when it ends: until then others wait for it.
    void note(fetched_value<value_type> answer, wall_time now, bool is_forced) noexcept {
        const std::lock_guard lock(guard);
        if (is_forced) cache.forced_at = now;
        if (!answer.value) {
            cache.note_failure(now);
            return;
        }
        cache.value.swap(answer.value);
        cache.note_success(answer.expires_at, now);
    }

    static task<void> fetch(std::shared_ptr<state> self, wall_time now, bool is_forced) {
        self->flight.begin();
        fetched_value<value_type> answer;
        try {
            auto brought = co_await self->rules.fetch(steady_now() + fetch_limit, now);
            answer = std::move(brought); // in two steps for g++ 12
        } catch (const std::bad_alloc&) {
            answer.value = nullptr; // as any other that brings nothing
        }
        self->note(std::move(answer), now, is_forced);
        self->flight.end();
    }

    /// One fetch at a time, whoever asks.
    static void start_fetch(const std::shared_ptr<state>& self, wall_time now, bool is_forced = false) {
        if (self->flight.is_under_way() || !self->seen().may_attempt(now)) return;
        spawn(fetch(self, now, is_forced));
    }

    /// The same for one who saw a refresh due; another may have made it since.
    static void start_due(const std::shared_ptr<state>& self, wall_time now) {
        if (Rules::refresh_delay(self->seen(), now, 0).count() == 0) start_fetch(self, now);
    }

    /// On the home reactor, which alone knows whether a fetch is under way.
    static task<shared_value> obtain(std::shared_ptr<state> self, wanted what, wall_time now) {
        auto known_now = self->seen();
        auto step = Rules::before_fetch(known_now, what, now);
        if (self->flight.is_under_way() && !Rules::answers(known_now, what, now)) step = fetch_step::fetch;
        if (step == fetch_step::give_up) co_return nullptr;
        if (step == fetch_step::use) co_return known_now.value;
        start_fetch(self, now, Rules::is_forced(known_now, what));
        if (step == fetch_step::use_and_fetch) co_return known_now.value;
        co_await self->flight.ended();
        known_now = self->seen();
        const bool is_had = Rules::after_fetch(known_now, what, now) == fetch_step::use;
        co_return is_had ? known_now.value : nullptr;
    }

    static task<void> refresh_ahead(std::shared_ptr<state> self) {
        // So late `stop`, or a clock that jumped, is noticed.
        constexpr std::chrono::seconds interval{1};
        double jitter = random_share();
        while (!self->is_stopped) {
            try {
                if (Rules::refresh_delay(self->seen(), wall_now(), jitter).count() == 0) {
                    start_fetch(self, wall_now());
                    co_await self->flight.ended();
                    jitter = random_share();
                }
            } catch (const std::bad_alloc&) {
                // It is due still when this looks again.
            }
            co_await self->home.sleep_until(steady_now() + interval);
        }
    }
};

} // namespace byot::net
