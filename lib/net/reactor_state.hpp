#pragma once

#include "net/connection.hpp"
#include "net/hangups.hpp"
#include "net/reactor.hpp"
#include "net/readiness.hpp"
#include "net/receive_buffer.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <vector>

namespace byot::net {

/// A ring: of the connections that are open on a reactor, and of the openings under way.
struct ring_link {
    ring_link* next = this;
    ring_link* previous = this;

    ring_link() = default;
    ring_link(const ring_link&) = delete;
    ring_link& operator=(const ring_link&) = delete;

    void join(ring_link& ring) noexcept {
        next = &ring;
        previous = ring.previous;
        previous->next = this;
        ring.previous = this;
    }
    void leave() noexcept {
        previous->next = next;
        next->previous = previous;
        next = previous = this;
    }
};

/// The coroutines asleep on a reactor.
class sleepers {
public:
    sleepers() = default;
    ~sleepers();
    sleepers(const sleepers&) = delete;
    sleepers& operator=(const sleepers&) = delete;

    void add(std::coroutine_handle<> waiter);
    /// False when it was not asleep (any more).
    bool remove(std::coroutine_handle<> waiter) noexcept;
    /// Wakes each that is asleep now.
    void wake();

private:
    std::vector<std::coroutine_handle<>> waiters_;
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
    ring_link connections;
    ring_link openings;
    sleepers asleep;
    block_shelf blocks;
    scratch_memory scratch;
    boost::asio::io_context context;
    descriptor::events& events;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
    boost::asio::steady_timer sweep_timer;
    hangups gone;
    bool is_outgoing_ended = false;

    state();
    void sweep_later();
    /// Tells every connection whose deadline is not after `now`.
    void sweep(steady_time now);
    void end_outgoing();
    /// `who` is a `connection::state`.
    static void tell_hangup(void* who);
};

} // namespace byot::net
