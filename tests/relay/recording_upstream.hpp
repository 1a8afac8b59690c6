#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace byot::relay::test {

/// A loopback upstream without a thread: `pump` takes in what has come, tells which key each request carried,
/// and answers.
class recording_upstream {
public:
    /// Called with the key of each request; whether the connection stays after its answer.
    using observer = std::function<bool(std::string_view key)>;

    explicit recording_upstream(observer on_request) : on_request_(std::move(on_request)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in where = loopback(0);
        socklen_t size = sizeof where;
        auto* const address = reinterpret_cast<sockaddr*>(&where);
        const bool is_there = ::bind(listener_, address, size) == 0 && ::listen(listener_, 64) == 0 &&
                              ::getsockname(listener_, address, &size) == 0;
        if (!is_there) throw std::runtime_error("no listener");
        port_ = ntohs(where.sin_port);
    }
    ~recording_upstream() {
        for (const auto& one : connections_) ::close(one.socket);
        ::close(listener_);
    }
    recording_upstream(const recording_upstream&) = delete;
    recording_upstream& operator=(const recording_upstream&) = delete;

    std::uint16_t port() const noexcept { return port_; }

    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        where.sin_port = htons(port);
        return where;
    }

    /// Everything that has come until now.
    void pump() {
        for (int taken = 0;
             (taken = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;)
            connections_.push_back({taken, {}});
        for (auto& one : connections_) {
            if (!serve(one)) {
                ::close(one.socket);
                one.socket = -1;
            }
        }
        std::erase_if(connections_, [](const connection& one) { return one.socket < 0; });
    }

private:
    struct connection {
        int socket;
        std::string received;
    };

    bool serve(connection& one) {
        char bytes[4096];
        for (;;) {
            const auto count = ::recv(one.socket, bytes, sizeof bytes, 0);
            if (count < 0) return true;
            if (count == 0) return false;
            one.received.append(bytes, static_cast<std::size_t>(count));
            const auto end = one.received.find("\r\n\r\n");
            if (end == std::string::npos) continue;
            const bool stays = on_request_(key_of(one.received));
            one.received.erase(0, end + 4);
            const std::string_view answer =
                stays ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                      : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
            (void)!::send(one.socket, answer.data(), answer.size(), MSG_NOSIGNAL);
            if (!stays) return false;
        }
    }

    static std::string_view key_of(std::string_view head) {
        constexpr std::string_view name = "x-byot-api-key: ";
        const auto at = head.find(name);
        if (at == std::string_view::npos) return {};
        const auto value = head.substr(at + name.size());
        return value.substr(0, value.find('\r'));
    }

    observer on_request_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::vector<connection> connections_;
};

} // namespace byot::relay::test
