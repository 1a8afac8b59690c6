#include "net/stream_io.hpp"

#include "core/file_descriptor.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#ifndef TCP_INQ
#define TCP_INQ 36
#endif

namespace byot::net {
namespace {

using kind = io_step::kind;

io_step fault(int error) noexcept {
    if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR) return {kind::would_block, true, 0};
    return {error == ECONNRESET ? kind::reset : kind::failed, false, 0};
}

io_step of_receive(ssize_t count) noexcept {
    if (count < 0) return fault(errno);
    if (count == 0) return {kind::ended, false, 0};
    return {kind::moved, false, static_cast<std::size_t>(count)};
}

// How many bytes are left, by the kernel's note; one when a FIN is.
bool says_drained(msghdr& message) noexcept {
    auto* note = CMSG_FIRSTHDR(&message);
    if (!note || note->cmsg_level != SOL_TCP || note->cmsg_type != TCP_INQ) return false;
    int left = 1;
    std::memcpy(&left, CMSG_DATA(note), sizeof left);
    return left == 0;
}

bool ask_what_is_left(int fd) noexcept {
    const int on = 1;
    return ::setsockopt(fd, SOL_TCP, TCP_INQ, &on, sizeof on) == 0;
}

int tcp_socket() noexcept {
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

sockaddr_in any_port_of_loopback() noexcept {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return where;
}

constexpr int patience_with_loopback = 50; // milliseconds

} // namespace

bool counts_ends() noexcept {
    const file_descriptor listening(tcp_socket());
    const file_descriptor peer(tcp_socket());
    auto where = any_port_of_loopback();
    auto* const address = reinterpret_cast<sockaddr*>(&where);
    socklen_t size = sizeof where;
    if (::bind(listening.get(), address, size) != 0 || ::listen(listening.get(), 1) != 0) return false;
    if (::getsockname(listening.get(), address, &size) != 0) return false;
    if (::connect(peer.get(), address, size) != 0) return false;
    const file_descriptor reader(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!ask_what_is_left(reader.get())) return false;
    char byte = 0;
    if (::send(peer.get(), &byte, 1, MSG_NOSIGNAL) != 1 || ::shutdown(peer.get(), SHUT_WR) != 0) return false;
    pollfd ended{reader.get(), POLLRDHUP, 0};
    if (::poll(&ended, 1, patience_with_loopback) != 1) return false;
    const auto step = read_now(reader.get(), {&byte, 1}, true);
    return step.what == kind::moved && !step.is_drained;
}

bool tell_when_drained(int fd) noexcept {
    static const bool is_trusted = counts_ends();
    return is_trusted && ask_what_is_left(fd);
}

io_step read_now(int fd, std::span<char> room, bool tells_drained) noexcept {
    if (!tells_drained) return of_receive(::recv(fd, room.data(), room.size(), MSG_DONTWAIT));
    iovec where{room.data(), room.size()};
    alignas(cmsghdr) char notes[CMSG_SPACE(sizeof(int))];
    msghdr message{};
    message.msg_iov = &where;
    message.msg_iovlen = 1;
    message.msg_control = notes;
    message.msg_controllen = sizeof notes;
    auto step = of_receive(::recvmsg(fd, &message, MSG_DONTWAIT));
    if (step.what == kind::moved) step.is_drained = says_drained(message);
    return step;
}

io_step write_now(int fd, std::string_view bytes) noexcept {
    const auto count = ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) return fault(errno);
    return {kind::moved, false, static_cast<std::size_t>(count)};
}

io_step peek_now(int fd) noexcept {
    char next = 0;
    return of_receive(::recv(fd, &next, 1, MSG_DONTWAIT | MSG_PEEK));
}

} // namespace byot::net
