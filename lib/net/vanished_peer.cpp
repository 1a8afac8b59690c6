#include "net/vanished_peer.hpp"

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

void notice_vanished_peer(int fd) noexcept {
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, silent_seconds);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds_between_questions);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, unacknowledged_milliseconds);
}

} // namespace byot::net
