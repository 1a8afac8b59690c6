#pragma once

#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/reactor_op.hpp>

#include <sys/socket.h>

namespace byot::net {

/// A descriptor in Asio's epoll set (edge-triggered), with operations that lie in their owner's memory. It
/// is the one place that knows Asio's inside (Boost 1.81): the public `async_read_some` costs a read more
/// for each message and a buffer for each silent stream.
class descriptor {
public:
    using events = boost::asio::detail::reactor;
    using operation = boost::asio::detail::reactor_op;
    static_assert(std::is_same_v<events, boost::asio::detail::epoll_reactor>);

    /// Takes `fd`; it is closed at the end.
    descriptor(events& set, int fd);
    ~descriptor() { close(); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    int native() const noexcept { return fd_; }
    bool is_open() const noexcept { return fd_ >= 0; }

    /// Performs the operation now if that may succeed, else when the descriptor is ready. Its completion is
    /// never called from here.
    void start_reading(operation& op) { start(events::read_op, op); }
    void start_writing(operation& op) { start(events::write_op, op); }

    /// With a FIN behind what was sent. Operations that wait complete, aborted, soon.
    void close() noexcept;
    /// The same with a reset (RFC 9293 §3.10.4) in place of the FIN and of what is not sent yet.
    void reset() noexcept;

private:
    void end(const linger& how) noexcept;
    void start(int kind, operation& op);

    events& set_;
    events::per_descriptor_data registration_ = nullptr;
    int fd_;
};

/// The memory of descriptors that were closed, which Asio keeps for others and never frees: taken out of its
/// set by the constructor, freed by the destructor. A handler that is queued already may still look at it, so
/// this must live until those have run.
class closed_registrations {
public:
    explicit closed_registrations(descriptor::events& set) noexcept;
    ~closed_registrations();
    closed_registrations(const closed_registrations&) = delete;
    closed_registrations& operator=(const closed_registrations&) = delete;

private:
    descriptor::events::descriptor_state* first_;
};

} // namespace byot::net
