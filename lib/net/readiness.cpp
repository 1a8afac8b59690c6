#include "net/readiness.hpp"

#include <boost/asio/detail/impl/epoll_reactor.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace byot::net {

// A descriptor that cannot be watched is not kept open: its operations then fail.
descriptor::descriptor(events& set, int fd) : set_(set), fd_(fd) {
    if (fd_ < 0) return;
    try {
        if (set_.register_descriptor(fd_, registration_) == 0) return;
    } catch (...) {
        ::close(fd_);
        throw;
    }
    close();
}

void descriptor::start(int kind, operation& op) {
    op.ec_ = {};
    op.bytes_transferred_ = 0;
    set_.start_op(kind, fd_, registration_, &op, true, true);
}

void descriptor::close() noexcept {
    if (fd_ < 0) return;
    const auto fd = std::exchange(fd_, -1);
    set_.deregister_descriptor(fd, registration_, true);
    ::close(fd);
    set_.cleanup_descriptor_data(registration_);
}

void descriptor::reset() noexcept {
    if (fd_ < 0) return;
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

} // namespace byot::net
