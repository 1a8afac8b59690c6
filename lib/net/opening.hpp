#pragma once

#include "core/signal.hpp"
#include "core/task.hpp"
#include "net/reactor_state.hpp"
#include "net/tls_session.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace byot::net {

/// One try to open a connection. Its steps end when Asio says so or at their limit, whichever is first; what
/// Asio says later is ignored.
class opening : public std::enable_shared_from_this<opening>, public ring_link<opening> {
public:
    explicit opening(reactor& home);

    /// Whether a connection to that address came to be in time.
    task<bool> connect(boost::asio::ip::tcp::endpoint where, steady_time limit);
    /// Whether the last `connect` failed because there was no descriptor.
    bool is_out_of_descriptors() const noexcept { return is_out_of_descriptors_; }
    /// Whether the handshake succeeded in time.
    task<bool> shake_hands(tls_session& tls, steady_time limit);

    int native() noexcept { return socket_.native_handle(); }
    /// The connected descriptor, which is the caller's now.
    int release();
    /// Ends the step under way as failed; the next ones fail too, for the reactor's outgoing connections have
    /// ended.
    void break_off();
    /// Nobody waits any more.
    void abandon() noexcept;

private:
    /// Waits for the step that `begin_step` numbered.
    task<bool> finish_step(steady_time limit);
    unsigned begin_step() noexcept;
    void end_step(unsigned step, bool is_well);
    task<bool> wait_for(boost::asio::ip::tcp::socket::wait_type what, steady_time limit);

    reactor& home_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    signal ended_;
    unsigned step_ = 0;
    bool is_well_ = false;
    bool is_out_of_descriptors_ = false;
};

} // namespace byot::net
