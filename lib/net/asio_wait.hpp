#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cstddef>

#include <sys/socket.h>

namespace byot::net {

/// What a try came to; `done_and_exhausted`: the next would be in vain, which nobody here makes use of.
enum class io_status { not_done, done, done_and_exhausted };

/// An operation on a descriptor, with the memory that Asio wants for its one handler at a time, so that
/// waiting cannot fail for want of any.
class pending_operation {
public:
    pending_operation(const pending_operation&) = delete;
    pending_operation& operator=(const pending_operation&) = delete;

    /// The descriptor cannot be waited for, or was closed.
    bool has_failed() const noexcept { return has_failed_; }

protected:
    pending_operation() = default;
    virtual ~pending_operation() = default;

private:
    friend class descriptor;
    template <class T>
    friend class operation_memory;
    virtual io_status try_now() = 0;
    virtual void tell(bool is_told) = 0;

    alignas(std::max_align_t) std::array<std::byte, 256> memory_;
    bool is_memory_taken_ = false;
    bool has_failed_ = false;
};

/// As in `asio_epoll.hpp`: `Derived` has `io_status perform()` and `void complete(bool is_told)`.
template <class Derived>
class readiness_operation : public pending_operation {
private:
    io_status try_now() final { return static_cast<Derived*>(this)->perform(); }
    void tell(bool is_told) final { static_cast<Derived*>(this)->complete(is_told); }
};

/// A descriptor that is waited for by Asio's public interface.
class descriptor {
public:
    using wait_set = boost::asio::io_context;
    static wait_set& wait_set_of(boost::asio::io_context& context) { return context; }
    static constexpr bool waits_outside = false;

    /// Takes `fd`; it is closed at the end.
    descriptor(wait_set& set, int fd);
    ~descriptor() { close(); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    int native() const noexcept { return fd_; }
    bool is_open() const noexcept { return fd_ >= 0; }

    /// Performs the operation now if that may succeed, else when the descriptor is ready. Its completion is
    /// never called from here.
    void start_reading(pending_operation& op) { start(boost::asio::posix::descriptor_base::wait_read, op); }
    void start_writing(pending_operation& op) { start(boost::asio::posix::descriptor_base::wait_write, op); }

    /// With a FIN behind what was sent. Operations that wait complete, aborted, soon.
    void close() noexcept;
    /// The same with a reset (RFC 9293 §3.10.4) in place of the FIN and of what is not sent yet.
    void reset() noexcept;

private:
    class handler;
    using wait_type = boost::asio::posix::descriptor_base::wait_type;
    void start(wait_type kind, pending_operation& op);
    void wait(wait_type kind, handler then);
    void end(const linger& how) noexcept;

    boost::asio::posix::stream_descriptor stream_;
    int fd_;
};

/// Asio frees what it kept for closed descriptors when the reactor goes, and not before.
class closed_registrations {
public:
    explicit closed_registrations(descriptor::wait_set&) noexcept {}
};

} // namespace byot::net
