#pragma once

#include "net/connection.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace byot::net {

/// Accepts connections for one reactor. Its port is this process's alone; `listen_together` gives each
/// reactor one on the same port, and the kernel spreads connections over them.
class listener {
public:
    using accepted = std::function<void(std::unique_ptr<connection>)>;

    /// Binds and listens; port 0 takes a free one. Throws boost::system::system_error when that fails, as it
    /// does where any other socket listens there, whatever options that has.
    listener(reactor& home, const std::string& address, std::uint16_t port);
    ~listener();

    std::uint16_t port() const noexcept;
    /// Hands every new connection (TCP_NODELAY set; reset at the end of the process, unless it is closed
    /// before) to `handle` on the reactor's thread. An error of one accept, running out of descriptors or
    /// memory among them, never ends it; it pauses until the reactor's sweep then. `handle` may stop or
    /// destroy the listener, or put another in its own place.
    void start(accepted handle);
    /// Accepts now who waits in the kernel's queue, and hands each to `handle`: before a `stop`, which would
    /// reset them although they may have sent a request. Nothing before `start`.
    void accept_waiting() noexcept;
    /// Accepts no more; the port is free for others.
    void stop() noexcept;

private:
    friend std::vector<std::unique_ptr<listener>>
    listen_together(std::span<reactor* const> homes, const std::string& address, std::uint16_t port);
    struct state;
    explicit listener(std::shared_ptr<state> s) noexcept;
    std::shared_ptr<state> state_;
};

/// A listener for each reactor, on one port (SO_REUSEPORT), which no other process may share, one of the same
/// program and user neither: the first binds and listens without the option, and only then lets the others
/// join. Throws as `listener` does. `homes` is not empty.
std::vector<std::unique_ptr<listener>> listen_together(std::span<reactor* const> homes,
                                                       const std::string& address, std::uint16_t port);

} // namespace byot::net
