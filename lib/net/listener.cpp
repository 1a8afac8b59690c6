#include "net/listener.hpp"

#include "core/file_descriptor.hpp"
#include "net/socket_options.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>
#include <utility>

namespace byot::net {
namespace {

using boost::asio::ip::tcp;
using reuse_port = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

/// Accepted in a row before others get their turn.
constexpr int most_at_once = 64;
/// What the kernel's queue holds at most (net.core.somaxconn).
constexpr int most_waiting = 4096;

bool is_of_one_connection(int error) noexcept {
    return error == ECONNABORTED || error == EINTR || error == EPROTO || error == EPERM;
}

} // namespace

enum class sharing { nobody, reactors };

struct listener::state final : std::enable_shared_from_this<listener::state>, swept {
    reactor& home;
    tcp::acceptor acceptor;
    std::shared_ptr<const accepted> handle; ///< shared with the call under way, which may set another
    std::uint16_t port = 0;
    bool is_pausing = false;

    explicit state(reactor& home_) : home(home_), acceptor(home_.context()) {}

    void listen(const tcp::endpoint& where, sharing with) {
        acceptor.open(where.protocol());
        // What an earlier process left there (TIME_WAIT, connections that still drain) does not keep it out.
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        if (with == sharing::reactors) acceptor.set_option(reuse_port(true));
        bound_kernel_buffers(acceptor.native_handle(), client_buffer);
        bound_not_sent(acceptor.native_handle());
        // What it accepts inherits this: unless a connection is closed in order, as by a process that falls
        // or is killed, the kernel resets it, and nobody takes a part of an answer for the whole.
        acceptor.set_option(tcp::acceptor::linger(true, 0));
        acceptor.bind(where);
        acceptor.listen();
        acceptor.native_non_blocking(true);
        port = acceptor.local_endpoint().port();
    }

    /// From now on others may share the port, who ask for it.
    void let_others_join() { acceptor.set_option(reuse_port(true)); }

    void accept_next() noexcept {
        try {
            acceptor.async_wait(tcp::acceptor::wait_read,
                                [self = shared_from_this()](const boost::system::error_code& error) {
                                    if (error && !self->acceptor.is_open()) return;
                                    error ? self->accept_later() : self->accept_ready();
                                });
        } catch (const std::bad_alloc&) {
            accept_later();
        }
    }

    void accept_ready() noexcept {
        for (int i = 0; i < most_at_once && acceptor.is_open(); ++i) {
            const auto fd =
                ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (fd >= 0) {
                take(fd);
            } else if (!is_of_one_connection(errno)) {
                return errno == EAGAIN ? accept_next() : accept_later();
            }
        }
        if (acceptor.is_open()) accept_next();
    }

    void take(int fd) noexcept {
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        file_descriptor taken(fd);
        try {
            const auto called = handle;
            (*called)(std::make_unique<connection>(home, std::move(taken)));
        } catch (const std::bad_alloc&) {
            // This client was turned away; there may be memory for the next.
        }
    }

    // The queue may be filled while it is emptied, but there is an end to waiting.
    void accept_waiting() noexcept {
        const auto self = shared_from_this();
        for (int i = 0; i < most_waiting && acceptor.is_open() && handle; ++i) {
            const auto fd =
                ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (fd < 0) return;
            take(fd);
        }
    }

    // Running out of descriptors or memory passes; what waits is accepted then. The sweep needs neither.
    void accept_later() noexcept { is_pausing = true; }

    void at_sweep() noexcept override {
        if (!std::exchange(is_pausing, false) || !acceptor.is_open()) return;
        const auto self = shared_from_this();
        accept_ready();
    }

    void stop() noexcept {
        boost::system::error_code ignored;
        acceptor.close(ignored);
        leave();
    }
};

listener::listener(reactor& home, const std::string& address, std::uint16_t port)
    : state_(std::make_shared<state>(home)) {
    state_->listen(tcp::endpoint(boost::asio::ip::make_address(address), port), sharing::nobody);
}

listener::listener(std::shared_ptr<state> s) noexcept : state_(std::move(s)) {}

listener::~listener() {
    stop();
}

std::uint16_t listener::port() const noexcept {
    return state_->port;
}

void listener::start(accepted handle) {
    const bool is_first = !state_->handle;
    state_->handle = std::make_shared<const accepted>(std::move(handle));
    if (!is_first) return;
    state_->home.join_sweep(*state_);
    state_->accept_next();
}

void listener::accept_waiting() noexcept {
    state_->accept_waiting();
}

void listener::stop() noexcept {
    state_->stop();
}

std::vector<std::unique_ptr<listener>> listen_together(std::span<reactor* const> homes,
                                                       const std::string& address, std::uint16_t port) {
    std::vector<std::unique_ptr<listener>> all;
    all.push_back(std::make_unique<listener>(*homes.front(), address, port));
    if (homes.size() == 1) return all;
    const tcp::endpoint where(boost::asio::ip::make_address(address), all.front()->port());
    const auto join = [&](reactor& home) {
        auto one = std::make_shared<listener::state>(home);
        one->listen(where, sharing::reactors);
        all.push_back(std::unique_ptr<listener>(new listener(std::move(one))));
    };
    all.front()->state_->let_others_join();
    try {
        join(*homes[1]);
    } catch (const boost::system::system_error& error) {
        if (error.code() != boost::system::errc::address_in_use) throw;
        // A system that keeps what was so at bind (gVisor): the port was free a moment ago.
        all.clear();
        join(*homes[0]);
        join(*homes[1]);
    }
    for (auto* const home : homes.subspan(2)) join(*home);
    return all;
}

} // namespace byot::net
