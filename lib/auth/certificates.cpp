#include "auth/certificates.hpp"

#include "auth/certificate_cache.hpp"

#include <sodium.h>

#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace byot::auth {
namespace {

using keys_answer = result<std::shared_ptr<const public_keys>>;

constexpr std::size_t largest_answer = 256 * 1024;
/// How often the background looks whether a refresh is due; so late it notices `stop`, or a clock that
/// jumped.
constexpr std::chrono::seconds check_interval{1};

failure unavailable() {
    return {reason::identity_unavailable, "The issuer's signing certificates cannot be had at the moment."};
}

/// 0 … 1, so that instances started together do not fetch together.
double random_share() noexcept {
    return randombytes_uniform(1001) / 1000.0;
}

} // namespace

struct certificate_source::state {
    state(net::reactor& home_, net::connection_pool& pool_, http::url address_)
        : home(home_), pool(pool_), address(std::move(address_)) {}

    net::reactor& home;
    net::connection_pool& pool;
    const http::url address;

    // Of the home reactor alone.
    certificate_cache cache;
    bool is_fetching = false;
    bool is_stopped = false;
    std::uint64_t fetches = 0;
    std::vector<async_event*> waiters;

    // What all reactors see: replaced as a whole, never changed. It is looked at only for a token that is not
    // remembered, so the lock is held for a pointer's copy beside an RSA operation.
    mutable std::mutex guard;
    std::shared_ptr<const certificate_cache> published = std::make_shared<const certificate_cache>();

    std::shared_ptr<const certificate_cache> snapshot() const {
        const std::lock_guard lock(guard);
        return published;
    }
    void publish() {
        auto next = std::make_shared<const certificate_cache>(cache);
        const std::lock_guard lock(guard);
        published.swap(next);
    }

    void note(const result<http::client_answer>& answer, wall_time now) {
        auto keys = answer && answer->status == 200 ? parse_certificates(answer->body) : nullptr;
        if (keys) {
            note_success(cache, std::move(keys), parse_max_age(answer->field("cache-control")), now);
        } else {
            note_failure(cache, now);
        }
        publish();
    }

    http::client_request request() const {
        http::client_request get;
        get.address = address;
        get.fields.emplace_back("accept", "application/json");
        get.limit = steady_now() + fetch_limit;
        get.max_body = largest_answer;
        return get;
    }

    static task<void> fetch(std::shared_ptr<state> self, wall_time now) {
        self->is_fetching = true;
        ++self->fetches;
        try {
            auto request = self->request();
            const auto answer = co_await http::fetch(self->pool, std::move(request));
            self->note(answer, now);
        } catch (const std::bad_alloc&) {
            note_failure(self->cache, now);
        }
        self->is_fetching = false;
        const auto waiting = std::exchange(self->waiters, {});
        for (async_event* const waiter : waiting) waiter->notify();
    }

    /// One fetch at a time, whoever asks.
    static void start_fetch(const std::shared_ptr<state>& self, wall_time now) {
        if (!self->is_fetching && may_attempt(self->cache, now)) spawn(fetch(self, now));
    }

    task<void> fetch_ended() {
        if (!is_fetching) co_return;
        async_event ended;
        waiters.push_back(&ended);
        co_await ended.wait();
    }

    bool knows(std::string_view kid) const { return cache.keys && cache.keys->contains(kid); }

    keys_answer answer(certificate_step step) const {
        if (step == certificate_step::give_up) return unavailable();
        return cache.keys;
    }

    /// On the home reactor, which alone knows whether a fetch is under way.
    static task<keys_answer> obtain(std::shared_ptr<state> self, std::string kid, wall_time now) {
        auto step = before_fetch(self->cache, kid, now);
        const bool is_known = self->knows(kid);
        if (self->is_fetching && !is_known) step = certificate_step::fetch;
        if (step == certificate_step::use || step == certificate_step::give_up) co_return self->answer(step);
        const bool begins_search = !is_known && self->cache.keys && !self->is_fetching;
        start_fetch(self, now);
        if (begins_search) self->cache.searched_at = now;
        if (step == certificate_step::use_and_fetch) co_return self->answer(step);
        co_await self->fetch_ended();
        co_return self->answer(after_fetch(self->cache, kid, now));
    }

    static task<void> refresh_ahead(std::shared_ptr<state> self) {
        double jitter = random_share();
        while (!self->is_stopped) {
            try {
                if (refresh_delay(self->cache, wall_now(), jitter).count() == 0) {
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

certificate_source::certificate_source(net::reactor& home, net::connection_pool& pool, http::url address)
    : state_(std::make_shared<state>(home, pool, std::move(address))) {}

task<result<std::shared_ptr<const public_keys>>>
certificate_source::keys_for(net::reactor& here, std::string kid, wall_time now) {
    const auto self = state_;
    const auto seen = self->snapshot();
    const auto step = before_fetch(*seen, kid, now);
    if (step == certificate_step::give_up) co_return unavailable();
    if (step == certificate_step::use_and_fetch)
        self->home.post([self, now] { state::start_fetch(self, now); });
    if (step != certificate_step::fetch) co_return seen->keys;
    auto ask = [&self, &kid, now] { return state::obtain(self, kid, now); };
    co_return co_await net::run_on<keys_answer>(self->home, here, std::move(ask));
}

void certificate_source::keep_fresh() {
    state_->is_stopped = false;
    spawn(state::refresh_ahead(state_));
}

void certificate_source::stop() {
    state_->is_stopped = true;
}

task<void> certificate_source::settle() {
    const auto self = state_;
    co_await self->fetch_ended();
}

bool certificate_source::is_ready() const noexcept {
    return is_usable(*state_->snapshot(), wall_now());
}

std::uint64_t certificate_source::fetches() const noexcept {
    return state_->fetches;
}

} // namespace byot::auth
