#pragma once

#include "auth/id_token.hpp"
#include "core/task.hpp"
#include "http/client.hpp"
#include "net/reactor.hpp"

#include <memory>
#include <string>

namespace byot::auth {

/// The signing certificates, fetched over verified HTTPS by one reactor (its home) for all: cached by
/// max-age, refreshed before that ends, one fetch at a time. When a refresh fails the old ones go on being
/// used for `grace` beyond their max-age.
class certificate_source {
public:
    static constexpr std::chrono::hours grace{6};
    /// A kid that nobody knows leads to a fetch at most this often.
    static constexpr std::chrono::seconds unknown_kid_interval{30};
    static constexpr std::chrono::seconds fetch_limit{5};

    certificate_source(net::reactor& home, net::connection_pool& pool, http::url address);

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
    /// Fetches made so far. On the home reactor.
    std::uint64_t fetches() const noexcept;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace byot::auth
