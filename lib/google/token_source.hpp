#pragma once

#include "core/task.hpp"
#include "google/token_answer.hpp"
#include "net/reactor.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace byot::google {

/// One token of this service's own, fetched by one reactor (its home) for all: refreshed ahead of its expiry,
/// one fetch at a time. While a refresh runs or fails, the old one is handed out until it expires.
class token_source {
public:
    /// Asks for a token, on the home reactor, and gives up at the limit.
    using issue_token = std::function<task<result<issued_token>>(steady_time limit)>;

    static constexpr std::chrono::seconds fetch_limit{5};
    /// A token that lasts less than this is not handed out any more.
    static constexpr std::chrono::seconds least_left{10};
    /// Refusals lead to a fetch at most this often.
    static constexpr std::chrono::seconds refusal_interval{10};

    token_source(net::reactor& home, issue_token issue);

    /// A token that is good at `now`, fetched if need be. May be called from a coroutine on any reactor
    /// `here`, and is then awaited to its end. Failure: `identity_unavailable`.
    task<result<std::shared_ptr<const secret>>> token(net::reactor& here, wall_time now);
    /// The same without waiting: null when none is at hand. Any thread; allocates nothing.
    std::shared_ptr<const secret> current(wall_time now) const noexcept;
    /// Says that Google answered 401 with this token: the next caller of `token` waits for another one. Any
    /// thread.
    void refuse(const secret& refused, wall_time now);

    /// Fetches now and then again ahead of each expiry, in the background, until `stop`. Without it nothing
    /// is fetched before the first `token`. On the home reactor.
    void keep_fresh();
    void stop();
    /// Waits for a fetch that is under way: at most its own limit, less when `reactor::end_outgoing` breaks
    /// it off. On the home reactor.
    task<void> settle();
    /// Whether a token is at hand. Any thread.
    bool is_ready() const noexcept;
    /// Fetches made so far. On the home reactor.
    std::uint64_t fetches() const noexcept;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace byot::google
