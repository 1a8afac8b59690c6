#pragma once

#include "core/url.hpp"
#include "net/listener.hpp"
#include "net/reactor.hpp"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// A real HTTP server on loopback with a thread of its own, which answers every request in the same way until
/// it is told another one.
class little_server {
public:
    struct answer {
        unsigned status = 200; ///< 0: the connection is reset instead
        std::string body;
        std::string cache_control = "public, max-age=100, must-revalidate, no-transform";
    };

    explicit little_server(answer first) : answer_(std::move(first)), listener_(reactor_, "127.0.0.1", 0) {
        listener_.start([this](std::unique_ptr<byot::net::connection> peer) {
            ++conversations_;
            byot::spawn(converse(std::move(peer)));
        });
        thread_ = std::thread([this] { reactor_.run(); });
    }
    /// All clients have closed their connections by now.
    ~little_server() {
        reactor_.post([this] {
            listener_.stop();
            is_ending_ = true;
            end_when_idle();
        });
        thread_.join();
    }

    byot::url address(std::string path = "/certificates") const {
        return *byot::parse_url(fmt::format("http://127.0.0.1:{}{}", listener_.port(), path));
    }
    void answers(answer next) {
        const std::lock_guard lock(guard_);
        answer_ = std::move(next);
    }
    unsigned requests() const { return requests_; }
    std::string last_request() const {
        const std::lock_guard lock(guard_);
        return last_request_;
    }
    /// Keeps requests waiting until `release`.
    void hold() {
        reactor_.post([this] { is_holding_ = true; });
    }
    void release() {
        reactor_.post([this] {
            is_holding_ = false;
            for (auto* const waiter : std::exchange(held_, {})) waiter->notify();
        });
    }

private:
    static bool is_whole(std::string_view text) {
        const auto head = text.find("\r\n\r\n");
        if (head == std::string_view::npos) return false;
        const auto said = text.find("ontent-");
        const auto length = text.find("ength: ");
        if (said == std::string_view::npos || length == std::string_view::npos || length > head) return true;
        return text.size() - head - 4 >= std::stoul(std::string(text.substr(length + 7, 6)));
    }

    byot::task<bool> read_request(byot::net::connection& peer) {
        while (!is_whole(peer.received())) {
            const auto outcome = co_await peer.receive();
            if (outcome != byot::net::receive_outcome::arrived) co_return false;
        }
        {
            const std::lock_guard lock(guard_);
            last_request_ = peer.received();
        }
        peer.consume(peer.received().size());
        ++requests_;
        co_return true;
    }

    byot::task<void> wait_until_released() {
        if (!is_holding_) co_return;
        byot::async_event released;
        held_.push_back(&released);
        co_await released.wait();
    }

    byot::task<void> converse(std::unique_ptr<byot::net::connection> peer) {
        for (;;) {
            const bool has_request = co_await read_request(*peer);
            if (!has_request) break;
            co_await wait_until_released();
            const auto current = current_answer();
            if (current.status == 0) {
                peer->reset();
                break;
            }
            const auto text =
                fmt::format("HTTP/1.1 {} Said\r\ncache-control: {}\r\ncontent-length: {}\r\n\r\n{}",
                            current.status, current.cache_control, current.body.size(), current.body);
            const bool is_sent = co_await peer->send(text);
            if (!is_sent) break;
        }
        --conversations_;
        end_when_idle();
    }

    answer current_answer() const {
        const std::lock_guard lock(guard_);
        return answer_;
    }
    void end_when_idle() {
        if (is_ending_ && conversations_ == 0) reactor_.stop();
    }

    mutable std::mutex guard_;
    answer answer_;
    std::string last_request_;
    std::atomic<unsigned> requests_ = 0;

    // Of the server's thread alone.
    byot::net::reactor reactor_{9};
    byot::net::listener listener_;
    std::vector<byot::async_event*> held_;
    int conversations_ = 0;
    bool is_holding_ = false;
    bool is_ending_ = false;

    std::thread thread_;
};
