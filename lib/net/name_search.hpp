#pragma once

// One question to the system's resolver; private to `name_lookup`.

#include "net/mailbox.hpp"
#include "net/name_lookup.hpp"
#include "net/sleep.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace byot::net {

/// Where a search that is done finds its reactor, as long as there is one.
struct way_home {
    std::mutex guard;
    reactor* home; ///< null once nobody waits for anything any more
};

/// Somebody who waits for a search, in the frame of a coroutine.
struct name_waiter : ring_link<name_waiter> {
    explicit name_waiter(steady_time limit_) noexcept : limit(limit_) {}

    const steady_time limit;
    found_names answer;
    async_event done;
};

/// Begun on its reactor, carried out on a thread, and brought back by message. Holds itself until then.
class name_search final : public message, public std::enable_shared_from_this<name_search> {
public:
    name_search(std::string host, steady_time began) : host_(std::move(host)), began_(began) {}

    /// Starts the thread. Throws std::system_error when there cannot be one, and std::bad_alloc.
    void begin(std::shared_ptr<way_home> way);

    const std::string& host() const noexcept { return host_; }
    steady_time began() const noexcept { return began_; }
    bool is_done() const noexcept { return is_done_; }
    void add(name_waiter& one) noexcept { one.join(waiting_); }
    /// Tells those whose limit has passed that it is late.
    void end_waiting(steady_time now) noexcept;

private:
    void carry_out(way_home& way) noexcept;
    void arrive() noexcept override;
    void discard() noexcept override { self_.reset(); }

    const std::string host_;
    const steady_time began_;
    found_names answer_; ///< the thread's until it is posted
    bool is_done_ = false;
    ring_link<name_waiter> waiting_; ///< the reactor's
    std::shared_ptr<name_search> self_;
};

} // namespace byot::net
