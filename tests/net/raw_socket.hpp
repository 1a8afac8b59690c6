#pragma once

#include "net/connection.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

namespace byot::net::testing {

/// A blocking socket of the system, without any of our code: the other side of a test.
class raw_socket {
public:
    explicit raw_socket(int fd = -1) : fd_(fd) {}
    raw_socket(raw_socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    raw_socket& operator=(raw_socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~raw_socket() { close(); }

    int native() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    /// What is there, waiting for at least one byte; empty at the end or a fault.
    std::string receive() const {
        char room[65536];
        const auto count = ::recv(fd_, room, sizeof room, 0);
        return count > 0 ? std::string(room, static_cast<std::size_t>(count)) : std::string();
    }
    std::string receive_all() const {
        std::string all;
        for (auto part = receive(); !part.empty(); part = receive()) all += part;
        return all;
    }
    /// 0 at an end in order, else the error of the next read.
    int how_it_ended() const {
        char byte = 0;
        for (;;) {
            const auto count = ::recv(fd_, &byte, 1, 0);
            if (count <= 0) return count == 0 ? 0 : errno;
        }
    }
    void end() const { ::shutdown(fd_, SHUT_WR); }
    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }
    void reset() {
        reset_now();
        close();
    }
    /// The same without giving up the descriptor: connecting to nothing resets (connect(2), AF_UNSPEC).
    void reset_now() const {
        const ::linger at_once{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        const sockaddr nobody{};
        ::connect(fd_, &nobody, sizeof nobody);
    }

private:
    int fd_;
};

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

inline raw_socket connect_to(std::uint16_t port) {
    raw_socket client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = loopback(port);
    const auto failed =
        ::connect(client.native(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return failed ? raw_socket() : std::move(client);
}

/// Listens on a free port of loopback.
class raw_listener {
public:
    explicit raw_listener(int backlog = 64) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        auto address = loopback(0);
        socklen_t size = sizeof address;
        auto* const a = reinterpret_cast<sockaddr*>(&address);
        BOOST_REQUIRE(::bind(socket_.native(), a, size) == 0);
        BOOST_REQUIRE(::listen(socket_.native(), backlog) == 0);
        BOOST_REQUIRE(::getsockname(socket_.native(), a, &size) == 0);
        port_ = ntohs(address.sin_port);
    }
    std::uint16_t port() const { return port_; }
    raw_socket accept() const {
        return raw_socket(::accept4(socket_.native(), nullptr, nullptr, SOCK_CLOEXEC));
    }

private:
    raw_socket socket_;
    std::uint16_t port_ = 0;
};

/// A connection of ours and its other end.
struct pair {
    std::unique_ptr<connection> ours;
    raw_socket theirs;

    explicit pair(reactor& home) {
        const raw_listener listener;
        auto client = connect_to(listener.port());
        theirs = listener.accept();
        ours = std::make_unique<connection>(home, client.release());
    }
};

} // namespace byot::net::testing
