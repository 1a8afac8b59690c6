#pragma once

#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/socket.h>

namespace byot::net {

/// What a try came to: `not_done`, `done`, or `done_and_exhausted` (the next try would be in vain).
using io_status = boost::asio::detail::reactor_op::status;

using pending_operation = boost::asio::detail::reactor_op;

/// An operation on a descriptor, in its owner's memory. `Derived` has `io_status perform()`, which tries, and
/// `void complete(bool is_told)`, called when that was enough or the descriptor was closed; not told: the
/// reactor is taken apart.
template <class Derived>
class readiness_operation : public pending_operation {
public:
    /// The descriptor cannot be waited for, or was closed.
    bool has_failed() const noexcept { return static_cast<bool>(ec_); }

protected:
    readiness_operation() : pending_operation({}, &try_now, &tell) {}

private:
    static status try_now(reactor_op* base) { return static_cast<Derived*>(base)->perform(); }
    static void tell(void* owner, scheduler_operation* base, const boost::system::error_code&, std::size_t) {
        static_cast<Derived*>(static_cast<reactor_op*>(base))->complete(owner != nullptr);
    }
};

/// A descriptor in Asio's epoll set (edge-triggered), with operations that lie in their owner's memory. It
/// is the one place that knows Asio's inside: the public `async_read_some` costs a read more for each message
/// and a buffer for each silent stream.
class descriptor {
public:
    /// What descriptors of one reactor wait in.
    using wait_set = boost::asio::detail::reactor;
    static_assert(std::is_same_v<wait_set, boost::asio::detail::epoll_reactor>);
    static wait_set& wait_set_of(boost::asio::io_context& context);
    /// What an operation waits in is Asio's own, and no part of it.
    static constexpr bool waits_outside = true;

    /// Takes `fd`; it is closed at the end.
    descriptor(wait_set& set, int fd);
    ~descriptor() { close(); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    int native() const noexcept { return fd_; }
    bool is_open() const noexcept { return fd_ >= 0; }

    /// Performs the operation now if that may succeed, else when the descriptor is ready. Its completion is
    /// never called from here.
    void start_reading(pending_operation& op) { start(wait_set::read_op, op); }
    void start_writing(pending_operation& op) { start(wait_set::write_op, op); }

    /// With a FIN behind what was sent. Operations that wait complete, aborted, soon.
    void close() noexcept;
    /// The same with a reset (RFC 9293 §3.10.4) in place of the FIN and of what is not sent yet.
    void reset() noexcept;

private:
    void end(const linger& how) noexcept;
    void start(int kind, pending_operation& op);

    wait_set& set_;
    wait_set::per_descriptor_data registration_ = nullptr;
    int fd_;
};

/// The memory of descriptors that were closed, which Asio keeps for others and never frees: taken out of its
/// set by the constructor, freed by the destructor. A handler that is queued already may still look at it, so
/// this must live until those have run.
class closed_registrations {
public:
    explicit closed_registrations(descriptor::wait_set& set) noexcept;
    ~closed_registrations();
    closed_registrations(const closed_registrations&) = delete;
    closed_registrations& operator=(const closed_registrations&) = delete;

private:
    descriptor::wait_set::descriptor_state* first_;
};

} // namespace byot::net
