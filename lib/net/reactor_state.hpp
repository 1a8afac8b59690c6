#pragma once

#include "net/connection.hpp"
#include "net/mailbox.hpp"
#include "net/rdhup_watch.hpp"
#include "net/reactor.hpp"
#include "net/readiness.hpp"
#include "net/receive_buffer.hpp"
#include "net/sleep.hpp"
#include "net/trim_policy.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

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
