#pragma once

#include "auth/signing_keys.hpp"
#include "core/clock.hpp"
#include "core/failure.hpp"
#include "core/task.hpp"
#include "http/client.hpp"
#include "net/refreshed_value.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace byot::auth {

using known_certificates = net::known_value<public_keys>;
using fetched_certificates = net::fetched_value<public_keys>;

/// When certificates are used, fetched again or given up, for a token signed with `kid`: the rules of
/// `net::refreshed_value`, and its fetch. A fresh set that has the kid is used; after max-age it is fetched;
/// once that failed, a known kid is served from the old set for `certificate_source::grace` while attempts go
/// on behind. A kid that a fresh set lacks is searched for at most every `unknown_kid_interval`.
class certificate_rules {
public:
    using value_type = public_keys;
    using wanted = std::string_view; ///< a kid

    certificate_rules(net::connection_pool& pool, url address) : pool_(&pool), address_(std::move(address)) {}

    static net::fetch_step before_fetch(const known_certificates& known, std::string_view kid, wall_time now);
    static net::fetch_step after_fetch(const known_certificates& known, std::string_view kid, wall_time now);
    /// Whether the set has the kid.
    static bool answers(const known_certificates& known, std::string_view kid, wall_time now);
    /// Whether a fetch is a search for a kid that the set lacks.
    static bool is_forced(const known_certificates& known, std::string_view kid);
    /// Whether tokens can be verified with it: fresh, or within the grace, and not from before the clock was
    /// set back by more than 5 minutes.
    static bool is_usable(const known_certificates& known, wall_time now) noexcept;
    /// Until 80 % of max-age, less up to a tenth of that by `jitter` (0 … 1), or until the back-off ends.
    static std::chrono::milliseconds refresh_delay(const known_certificates& known, wall_time now,
                                                   double jitter) noexcept;
    /// What an answer brings that was asked for at `now`; its max-age is bounded to 1 min … 24 h.
    static fetched_certificates read_answer(const http::client_answer& answer, wall_time now);

    task<fetched_certificates> fetch(steady_time limit, wall_time now);

private:
    net::connection_pool* pool_;
    url address_;
};

/// The signing certificates, fetched over verified HTTPS by one reactor (its home) for all: cached by
/// max-age, refreshed before that ends, one fetch at a time. When a refresh fails the old ones go on being
/// used for `grace` beyond their max-age.
class certificate_source {
public:
    static constexpr std::chrono::hours grace{6};
    /// A kid that nobody knows leads to a fetch at most this often.
    static constexpr std::chrono::seconds unknown_kid_interval{30};

    certificate_source(net::reactor& home, net::connection_pool& pool, url address);

    /// A set that is fresh at `now`, fetched if need be; when `kid` is not in it, fetched again within the
    /// bound above. May be called from a coroutine on any reactor `here`, and is then awaited to its end.
    /// Failure: `identity_unavailable`, also for a kid that the set lacks while no newer one can be had.
    task<result<std::shared_ptr<const public_keys>>> keys_for(net::reactor& here, std::string kid,
                                                              wall_time now);

    /// Fetches now and then again ahead of each max-age, in the background, until `stop`. Without it nothing
    /// is fetched before the first `keys_for`. On the home reactor.
    void keep_fresh();
    void stop();
    /// Waits for a fetch that is under way: at most its own limit, less when `reactor::end_outgoing` breaks
    /// it off. On the home reactor.
    task<void> settle();
    /// Whether a usable set is at hand. Any thread.
    bool is_ready() const noexcept;
    /// When the set at hand was fetched; nothing before the first. Any thread.
    std::optional<wall_time> fetched_at() const noexcept;
    /// Fetches made so far. On the home reactor.
    std::uint64_t fetches() const noexcept;

private:
    net::refreshed_value<certificate_rules> certificates_;
};

/// max-age of a Cache-Control field (RFC 9111 §5.2.2.1); zero when there is none or it is malformed.
std::chrono::seconds parse_max_age(std::string_view cache_control) noexcept;

} // namespace byot::auth
