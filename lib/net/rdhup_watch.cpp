#include "net/rdhup_watch.hpp"

#include <boost/system/system_error.hpp>

#include <sys/epoll.h>

#include <cerrno>
#include <new>

namespace byot::net {
namespace {

int make_set() {
    const int set = ::epoll_create1(EPOLL_CLOEXEC);
    if (set < 0) throw boost::system::system_error(errno, boost::system::system_category(), "epoll_create1");
    return set;
}

} // namespace

rdhup_watch::rdhup_watch(boost::asio::io_context& context, listener tell)
    : set_(context, make_set()), tell_(tell) {
    wait();
}

void rdhup_watch::watch(int fd, void* who) noexcept {
    epoll_event event{};
    event.events = EPOLLRDHUP | EPOLLONESHOT;
    event.data.ptr = who;
    ::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, fd, &event);
}

void rdhup_watch::wait() noexcept {
    if (is_waiting_) return;
    try {
        set_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                            is_waiting_ = false;
                            if (error) return;
                            tell_all();
                            wait();
                        });
        is_waiting_ = true;
    } catch (const std::bad_alloc&) { // the next sweep tries again
    }
}

// One at a time: telling one may end another, which then is in no later answer.
void rdhup_watch::tell_all() {
    epoll_event event{};
    while (::epoll_wait(set_.native_handle(), &event, 1, 0) == 1) tell_(event.data.ptr);
}

} // namespace byot::net
