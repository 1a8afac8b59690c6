#pragma once

// Private to net: what a reactor is behind its handle.

#include "net/connection.hpp"
#include "net/mailbox.hpp"
#include "net/rdhup_watch.hpp"
#include "net/reactor.hpp"
#include "net/readiness.hpp"
#include "net/receive_buffer.hpp"
#include "net/sleep.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace byot::net {

class connect_operation;

/// A connection's place among those of its reactor, while it is open.
struct connection_link : ring_link<connection_link> {};

/// The coroutines asleep on a reactor, with one timer for all.
class sleepers {
public:
    explicit sleepers(boost::asio::io_context& context) : alarm_(context) {}
    ~sleepers();
    sleepers(const sleepers&) = delete;
    sleepers& operator=(const sleepers&) = delete;

    void add(sleep_awaiter& one) noexcept;
    /// Resumes those whose time has come.
    void wake(steady_time now) noexcept;
    /// Resumes each that is asleep now.
    void wake_all() noexcept;

private:
    void set_alarm(steady_time when) noexcept;

    ring_link<sleep_awaiter> ring_;
    boost::asio::steady_timer alarm_;
    steady_time alarm_at_ = steady_time::max();
};

/// Finds the moment at which the memory of a crowd may go back to the system: when, of many connections, at
/// most half have been left for a while. Not before, since those who left may come back, and what they used
/// is kept for them; and not for a few, whose memory is not worth the work.
class trim_policy {
public:
    /// Fewer are no crowd.
    static constexpr std::size_t crowd = 64;
    /// Looks in a row that must find at most half.
    static constexpr unsigned patience = 10;

    /// One look, at how many connections are `open` now. True once for each crowd that left; those who are
    /// left are then the measure of the next.
    bool is_due(std::size_t open) noexcept {
        most_ = std::max(most_, open);
        if (most_ < crowd || open > most_ / 2) {
            looks_ = 0;
            return false;
        }
        if (++looks_ < patience) return false;
        looks_ = 0;
        most_ = open;
        return true;
    }

private:
    std::size_t most_ = 0;
    unsigned looks_ = 0;
};

/// A reactor's scratch memory, in locked pages.
struct scratch_memory {
    scratch_memory();
    ~scratch_memory();
    scratch_memory(const scratch_memory&) = delete;
    scratch_memory& operator=(const scratch_memory&) = delete;
    char* const data;
};

struct reactor::state {
    // What handlers use when the context drops them comes before it.
    ring_link<connection_link> connections;
    ring_link<connect_operation> connects; ///< under way
    ring_link<swept> each_sweep;
    mailbox messages{context};
    block_shelf blocks;
    scratch_memory scratch;
    boost::asio::io_context context;
    descriptor::wait_set& events;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
    boost::asio::steady_timer sweep_timer;
    sleepers asleep{context};
    rdhup_watch gone;
    bool is_sweep_due = false;
    bool is_outgoing_ended = false;
    trim_policy crowd_gone;
    std::optional<closed_registrations> closed; ///< whose memory goes at the next sweep
    std::vector<std::function<void()>> on_trim;

    state();
    /// Runs until stopped, or until a handler has no memory.
    void run();
    /// Sees to it that the sweep comes; false when there is no memory for that now.
    bool arm_sweep() noexcept;
    void sweep_all();
    /// Tells every connection whose deadline is not after `now`.
    void sweep(steady_time now);
    void end_outgoing();
    /// `who` is a `connection::state`.
    static void tell_rdhup(void* who);
    /// Gives memory back when a crowd has gone; `open` connections are left.
    void trim_if_due(std::size_t open);
};

} // namespace byot::net
