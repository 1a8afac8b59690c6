#pragma once

#include "core/failure.hpp"
#include "core/task.hpp"
#include "google/token_issuer.hpp"
#include "net/refreshed_value.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <variant>

namespace byot::google {

using known_token = net::known_value<secret>;
using fetched_token = net::fetched_value<secret>;

/// When a token is handed out, fetched again or given up: the rules of `net::refreshed_value`, and its fetch.
class token_rules {
public:
    using value_type = secret;
    using wanted = std::monostate; ///< every caller wants the same
    /// Asks for a token, on the home reactor, and gives up at the limit.
    using issue_token = std::function<task<result<issued_token>>(steady_time limit)>;

    explicit token_rules(issue_token issue) : issue_(std::move(issue)) {}

    static net::fetch_step before_fetch(const known_token& known, wanted, wall_time now) noexcept;
    static net::fetch_step after_fetch(const known_token& known, wanted, wall_time now) noexcept;
    /// Whether there is a token to hand out.
    static bool answers(const known_token& known, wanted, wall_time now) noexcept;
    /// Never: a refusal forces the fetch, and is noted where it is told.
    static bool is_forced(const known_token&, wanted) noexcept { return false; }
    /// Whether it may be handed out: not refused, and it lasts for a request's way to whoever checks it.
    static bool is_usable(const known_token& known, wall_time now) noexcept;
    /// Notes that Google refused a token. The one at hand is dropped when it is that one, but at most every
    /// `token_source::refusal_interval`: a refusal may have another cause, which fetching does not cure.
    static void note_refusal(known_token& known, const secret& refused, wall_time now) noexcept;
    /// Until 225 s before the expiry (or half of the time in which it may be handed out, when that is
    /// shorter), earlier by up to a fifth of that by `jitter` (0 … 1), or until the back-off ends.
    static std::chrono::milliseconds refresh_delay(const known_token& known, wall_time now,
                                                   double jitter) noexcept;
    /// What a token brings that was asked for at `now`: nothing when it is as good as expired when it comes.
    static fetched_token read_issued(issued_token issued, wall_time now);

    task<fetched_token> fetch(steady_time limit, wall_time now);

private:
    issue_token issue_;
};

/// One token of this service's own, fetched by one reactor (its home) for all: refreshed ahead of its expiry,
/// one fetch at a time. While a refresh runs or fails, the old one is handed out until it expires.
class token_source {
public:
    using issue_token = token_rules::issue_token;

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
    net::refreshed_value<token_rules> token_;
};

} // namespace byot::google
