#include "net/readiness.hpp"

#if defined(BYOT_ASIO_EPOLL)

#include <boost/asio/detail/impl/epoll_reactor.hpp>

#include <unistd.h>

#include <utility>

namespace byot::net {
namespace {

using boost::asio::detail::object_pool_access;
using registration = descriptor::wait_set::descriptor_state;
using registration_pool = boost::asio::detail::object_pool<registration>;

// Private members may be named where a template is instantiated explicitly (C++20 [temp.spec]/6): a friend
// defined there is the way to what Asio does not show.
template <class Tag, auto member>
struct opened {
    friend auto& reach(Tag, typename Tag::owner& of) noexcept { return of.*member; }
};
struct pool_of_set {
    using owner = descriptor::wait_set;
    friend auto& reach(pool_of_set, owner& of) noexcept;
};
struct free_of_pool {
    using owner = registration_pool;
    friend auto& reach(free_of_pool, owner& of) noexcept;
};
template struct opened<pool_of_set, &descriptor::wait_set::registered_descriptors_>;
template struct opened<free_of_pool, &registration_pool::free_list_>;

} // namespace

descriptor::wait_set& descriptor::wait_set_of(boost::asio::io_context& context) {
    auto& set = boost::asio::use_service<wait_set>(context);
    set.init_task();
    return set;
}

// A descriptor that cannot be watched is not kept open: its operations then fail.
descriptor::descriptor(wait_set& set, int fd) : set_(set), fd_(fd) {
    if (fd_ < 0) return;
    try {
        if (set_.register_descriptor(fd_, registration_) == 0) return;
    } catch (...) {
        ::close(fd_);
        throw;
    }
    close();
}

void descriptor::start(int kind, pending_operation& op) {
    op.ec_ = {};
    op.bytes_transferred_ = 0;
    set_.start_op(kind, fd_, registration_, &op, true, true);
}

void descriptor::close() noexcept {
    end(linger{0, 0});
}

void descriptor::reset() noexcept {
    end(linger{1, 0});
}

void descriptor::end(const linger& how) noexcept {
    if (fd_ < 0) return;
    const auto fd = std::exchange(fd_, -1);
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &how, sizeof how);
    set_.deregister_descriptor(fd, registration_, true);
    ::close(fd);
    set_.cleanup_descriptor_data(registration_);
}

closed_registrations::closed_registrations(descriptor::wait_set& set) noexcept
    : first_(std::exchange(reach(free_of_pool(), reach(pool_of_set(), set)), nullptr)) {}

closed_registrations::~closed_registrations() {
    while (first_) object_pool_access::destroy(std::exchange(first_, object_pool_access::next(first_)));
}

} // namespace byot::net

#endif
