#include "net/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace byot::net {
namespace {

constexpr int silent_seconds = 10;
constexpr int seconds_between_questions = 5;
constexpr int unacknowledged_milliseconds = 30'000;

void set(int fd, int level, int option, int value) noexcept {
    ::setsockopt(fd, level, option, &value, sizeof value);
}

} // namespace

void bound_kernel_buffers(int fd, int bytes) noexcept {
    set(fd, SOL_SOCKET, SO_SNDBUF, bytes);
    set(fd, SOL_SOCKET, SO_RCVBUF, bytes);
}

void bound_not_sent(int fd) noexcept {
    set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, most_not_sent);
}

void notice_vanished_peer(int fd) noexcept {
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, silent_seconds);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds_between_questions);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, unacknowledged_milliseconds);
}

} // namespace byot::net
