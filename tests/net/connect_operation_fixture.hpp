#pragma once

#include "net/connect_operation.hpp"
#include "net/fixture.hpp"
#include "net/raw_socket.hpp"

#include <sys/resource.h>

#include <filesystem>
#include <vector>

namespace byot::net::testing {

using boost::asio::ip::tcp;

/// Enough that a wait of 250 ms for each is longer than any machine is slow.
constexpr int many = 40;

inline tcp::endpoint at(std::uint16_t port) {
    return {boost::asio::ip::address_v4::loopback(), port};
}

inline tcp::endpoint nobody() {
    return at(raw_listener().port());
}

/// An address that the kernel connects nobody to.
inline tcp::endpoint unroutable() {
    return {boost::asio::ip::address_v4::broadcast(), 9};
}

/// A port whose queue is full: who connects gets no answer.
struct full_listener {
    raw_listener listener{0};
    std::vector<raw_socket> waiting;

    full_listener() {
        for (int i = 0; i < 4; ++i) {
            raw_socket client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            const auto address = loopback(listener.port());
            static_cast<void>(
                ::connect(client.native(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
            waiting.push_back(std::move(client));
        }
    }
    tcp::endpoint where() const { return at(listener.port()); }
};

inline std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// How many more descriptors this process may open; none after it was destroyed.
struct few_descriptors {
    rlimit before{};

    explicit few_descriptors(rlim_t more) {
        ::getrlimit(RLIMIT_NOFILE, &before);
        const auto next = ::dup(0);
        ::close(next);
        rlimit fewer = before;
        fewer.rlim_cur = static_cast<rlim_t>(next) + more;
        ::setrlimit(RLIMIT_NOFILE, &fewer);
    }
    ~few_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before); }
};

struct connect_operation_fixture : reactor_fixture {
    std::size_t before = open_descriptors();
    bool is_connected = false;
    bool is_out_of_means = false;
    std::uint16_t port = 0; ///< the winner's, at the other end
    steady_time::duration took{};

    /// One connect_operation from its beginning to its end.
    void open(std::vector<tcp::endpoint> where, steady_time limit) {
        auto body = [&]() -> task<void> {
            const auto attempt = std::make_shared<connect_operation>(home);
            const auto begun = steady_now();
            is_connected = co_await attempt->connect(where, limit);
            took = steady_now() - begun;
            is_out_of_means = attempt->is_out_of_means();
            if (is_connected) {
                const raw_socket connected(attempt->release());
                sockaddr_in peer{};
                socklen_t size = sizeof peer;
                ::getpeername(connected.native(), reinterpret_cast<sockaddr*>(&peer), &size);
                port = ntohs(peer.sin_port);
            }
            attempt->abandon();
        };
        run(body());
    }
    /// What was cancelled tells so, and lets go of what it holds.
    void settle() {
        auto body = [&]() -> task<void> { co_await home.sleep_until(steady_now() + 5ms); };
        run(body());
    }
};

} // namespace byot::net::testing
