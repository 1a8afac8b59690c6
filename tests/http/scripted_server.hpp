#pragma once

#include "net/fixture.hpp"
#include "net/listener.hpp"

#include <fmt/format.h>

#include <deque>
#include <string>
#include <vector>

namespace byot::http::test {

/// What a server does once it has read a request.
struct turn {
    enum class after { keep, close, reset };

    std::string answer; ///< raw bytes; "" sends nothing
    after then = after::keep;
    bool is_hasty = false; ///< answers when the head is there
};

/// A raw TCP server: the first connection plays the first list of turns, and so on; with its turns played out
/// a connection is held open without a word. It knows no HTTP but where a request ends.
class scripted_server {
public:
    scripted_server(net::reactor& home, std::deque<std::vector<turn>> scripts)
        : scripts_(std::move(scripts)), listener_(home, "127.0.0.1", 0) {
        listener_.start([this](std::unique_ptr<net::connection> client) {
            ++connections;
            connections_.push_back(std::move(client));
            std::vector<turn> turns;
            if (!scripts_.empty()) {
                turns = std::move(scripts_.front());
                scripts_.pop_front();
            }
            plays_.push_back(play(*connections_.back(), std::move(turns)));
        });
    }

    std::uint16_t port() const { return listener_.port(); }

    unsigned connections = 0;
    std::vector<std::string> requests; ///< as they came, all connections'
    unsigned ended = 0;                ///< connections that the other side ended

private:
    /// Bytes of the request at the front; 0 while it is not all there.
    static std::size_t request_size(std::string_view bytes, bool is_head_enough) {
        const auto head = bytes.find("\r\n\r\n");
        if (head == std::string_view::npos) return 0;
        const auto at = bytes.substr(0, head).find("\r\nContent-Length: ");
        if (is_head_enough || at == std::string_view::npos) return head + 4;
        const auto size = head + 4 + std::stoul(std::string(bytes.substr(at + 18, 9)));
        return size <= bytes.size() ? size : 0;
    }

    net::testing::owned_coroutine play(net::connection& client, std::vector<turn> turns) {
        client.reserve(256 * 1024);
        for (const auto& t : turns) {
            std::size_t size = 0;
            while ((size = request_size(client.received(), t.is_hasty)) == 0) {
                const auto outcome = co_await client.receive();
                if (outcome == net::receive_outcome::arrived) continue;
                ++ended;
                co_return;
            }
            requests.emplace_back(client.received().substr(0, size));
            client.consume(size);
            if (!t.answer.empty()) co_await client.send(t.answer);
            if (t.then == turn::after::close) client.close();
            if (t.then == turn::after::reset) client.reset();
            if (t.then != turn::after::keep) co_return;
        }
        for (;;) {
            const auto outcome = co_await client.receive();
            client.consume(client.received().size());
            if (outcome != net::receive_outcome::arrived) break;
        }
        ++ended;
    }

    std::deque<std::vector<turn>> scripts_;
    std::vector<std::unique_ptr<net::connection>> connections_;
    std::vector<net::testing::owned_coroutine> plays_;
    net::listener listener_;
};

inline std::string answer_of(std::string_view body, std::string_view fields = "") {
    return fmt::format("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n{}", fields, body.size(), body);
}

} // namespace byot::http::test
