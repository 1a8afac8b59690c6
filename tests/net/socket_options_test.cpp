#include "net/socket_options.hpp"

#include "net/connector.hpp"
#include "net/fixture.hpp"
#include "net/listener.hpp"
#include "net/raw_socket.hpp"

#include <netinet/tcp.h>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

int option(int fd, int level, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, level, name, &value, &size) == 0 ? value : -1;
}

/// The descriptor of this process whose socket has these two ends.
int descriptor_between(std::uint16_t local, std::uint16_t remote) {
    for (int fd = 3; fd < 1024; ++fd) {
        sockaddr_in mine{};
        sockaddr_in theirs{};
        socklen_t size = sizeof mine;
        if (::getsockname(fd, reinterpret_cast<sockaddr*>(&mine), &size) != 0) continue;
        size = sizeof theirs;
        if (::getpeername(fd, reinterpret_cast<sockaddr*>(&theirs), &size) != 0) continue;
        if (mine.sin_port == htons(local) && theirs.sin_port == htons(remote)) return fd;
    }
    return -1;
}

std::uint16_t local_port(int fd) {
    sockaddr_in mine{};
    socklen_t size = sizeof mine;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&mine), &size);
    return ntohs(mine.sin_port);
}

std::uint16_t remote_port(int fd) {
    sockaddr_in theirs{};
    socklen_t size = sizeof theirs;
    ::getpeername(fd, reinterpret_cast<sockaddr*>(&theirs), &size);
    return ntohs(theirs.sin_port);
}

// Linux keeps twice what it is asked for, to have room for its own notes (socket(7)).
void check_bounds(int fd, int bytes) {
    for (const int which : {SO_SNDBUF, SO_RCVBUF}) {
        const auto kept = option(fd, SOL_SOCKET, which);
        BOOST_TEST(kept > bytes / 2);
        BOOST_TEST(kept <= 2 * bytes);
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(kernel_buffers, reactor_fixture)

BOOST_AUTO_TEST_CASE(an_accepted_connection_is_bounded) {
    listener open(home, "127.0.0.1", 0);
    std::unique_ptr<connection> client;
    byot::async_event is_there;
    open.start([&](std::unique_ptr<connection> accepted) {
        client = std::move(accepted);
        is_there.notify();
    });
    const auto other = connect_to(open.port());
    auto body = [&]() -> task<void> { co_await is_there.wait(); };
    run(body());
    const auto fd = descriptor_between(open.port(), local_port(other.native()));
    BOOST_REQUIRE(fd >= 0);
    check_bounds(fd, client_buffer);
    BOOST_TEST(option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT) == most_not_sent);
}

BOOST_AUTO_TEST_CASE(a_connection_to_an_upstream_is_bounded) {
    const raw_listener upstream;
    connector open(home, make_client_tls());
    std::unique_ptr<connection> ours;
    auto body = [&]() -> task<void> {
        const origin where{false, "127.0.0.1", upstream.port()};
        auto opened = co_await open.connect(where, soon());
        ours = std::move(opened.value());
    };
    run(body());
    const auto other = upstream.accept();
    const auto fd = descriptor_between(remote_port(other.native()), upstream.port());
    BOOST_REQUIRE(fd >= 0);
    check_bounds(fd, upstream_buffer);
}

BOOST_AUTO_TEST_SUITE_END()
