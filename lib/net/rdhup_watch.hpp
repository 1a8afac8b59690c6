#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>

namespace byot::net {

/// Tells when peers end or reset where no read would see it: behind bytes that find no room, or in the same
/// moment as the last ones. An epoll set of its own (EPOLLRDHUP, which Asio's does not ask for), itself
/// watched by Asio.
class rdhup_watch {
public:
    using listener = void (*)(void* who);

    /// Throws boost::system::system_error when the system has no set to give.
    rdhup_watch(boost::asio::io_context& context, listener tell);

    /// From now on `who` is told once, soon if the peer of the socket has gone already. It ends with the
    /// socket. What the system has no room for is not told.
    void watch(int fd, void* who) noexcept;

    /// Goes on listening, if it could not for want of memory.
    void wait() noexcept;

private:
    void tell_all();

    boost::asio::posix::stream_descriptor set_;
    listener tell_;
    bool is_waiting_ = false;
};

} // namespace byot::net
