#pragma once

#include "net/connection.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace byot::net {

/// Accepts connections for one reactor; with SO_REUSEPORT, so that each reactor has one on the same port and
/// the kernel spreads connections over them.
class listener {
public:
    using accepted = std::function<void(std::unique_ptr<connection>)>;

    /// Binds and listens; port 0 takes a free one. Throws boost::system::system_error when that fails.
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
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace byot::net
