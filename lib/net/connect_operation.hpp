#pragma once

#include "core/async_event.hpp"
#include "core/task.hpp"
#include "net/reactor_state.hpp"
#include "net/tls_session.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <span>
#include <vector>

namespace byot::net {

/// The addresses of a host in the order to try them: as they came (RFC 6724), but the families take turns,
/// beginning with the first one's (RFC 8305 §4, with a First Address Family Count of 1). Each once.
std::vector<boost::asio::ip::tcp::endpoint>
in_attempt_order(std::vector<boost::asio::ip::tcp::endpoint> addresses);

/// How long an attempt has for itself before the next one begins beside it: 250 ms (RFC 8305 §5), less where
/// `time_left` would not do for all the addresses, but not less than 10 ms.
steady_time::duration attempt_delay(steady_time::duration time_left, std::size_t addresses) noexcept;

/// One try to open a connection: attempts at a host's addresses, of which the first that succeeds is kept,
/// and a handshake on it. Its steps end when Asio says so or at their limit, whichever is first; what Asio
/// says later is ignored.
class connect_operation : public std::enable_shared_from_this<connect_operation>,
                          public ring_link<connect_operation> {
public:
    explicit connect_operation(reactor& home);

    /// Whether a connection to one of the addresses came to be in time. They are tried in their order: the
    /// next one begins when one fails, or `attempt_delay` after the last one began; those under way go on.
    /// `where` lasts until then.
    task<bool> connect(std::span<const boost::asio::ip::tcp::endpoint> where, steady_time limit);
    /// Whether the last `connect` failed because there was no descriptor or memory for any attempt.
    bool is_out_of_means() const noexcept { return is_out_of_means_; }
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
    using endpoint = boost::asio::ip::tcp::endpoint;
    enum class beginning { done, failed, no_means };

    /// Tries where none is under way, or the last one's time for itself is over; `untried` is the first that
    /// was not.
    void begin_attempts(std::span<const endpoint> where, std::size_t& untried, steady_time::duration delay);
    beginning begin_attempt(const endpoint& where);
    void end_attempt(std::size_t which, bool is_connected);
    void end_race() noexcept;
    /// Waits for the step that `begin_step` numbered.
    task<bool> finish_step(steady_time limit);
    unsigned begin_step() noexcept;
    void end_step(unsigned step, bool is_well);
    task<bool> wait_for(boost::asio::ip::tcp::socket::wait_type what, steady_time limit);

    reactor& home_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    async_event ended_;
    unsigned step_ = 0;
    bool is_well_ = false;
    std::vector<boost::asio::ip::tcp::socket> attempts_; ///< in the order they began; closed when they failed
    std::size_t under_way_ = 0;
    steady_time next_at_; ///< when the next attempt is due
    unsigned race_ = 0;   ///< of which the attempts are
    bool is_out_of_means_ = false;
};

} // namespace byot::net
