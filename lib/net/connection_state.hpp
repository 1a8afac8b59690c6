#pragma once

// Private to net: what a connection is behind its handle.

#include "core/file_descriptor.hpp"
#include "net/connection.hpp"
#include "net/reactor_state.hpp"
#include "net/stream_io.hpp"
#include "net/tls_session.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

namespace byot::net {

/// What a connection is while handlers may still come for it. Its operations keep it alive while they wait.
/// A function that resumes or tells somebody is called with a shared pointer held, and returns at once after,
/// unless it says otherwise: whoever is resumed may end anything.
///
/// Invariants:
/// - Bytes are read on exactly while `can_read_on()` held when somebody last asked: a read is outstanding
///   unless the peer's side is over, the buffer is full, the connection is closed, or a handler is about to
///   start it (`is_in_handler`, `reads_on_later`).
/// - `peer` and `sending` only go forward, in the order of their values.
/// - A closed connection has no `watch`, and is in no list of its reactor's.
/// - `sender` is set only while `unsent` is; no second send begins before that is out or dropped.
/// - The first `told` bytes of `in` are those that the receiver knows of.
struct connection::state : std::enable_shared_from_this<connection::state>, connection_link {
    /// The side that the peer sends on.
    enum class peer_side : std::uint8_t {
        open,
        ended,  ///< in order: all bytes were read
        failed, ///< reset, a fault of TLS, or no memory or registration to read with
    };
    /// The side that we send on.
    enum class own_side : std::uint8_t {
        open,
        over,  ///< a send failed or timed out, or FIN was sent
        reset, ///< a send met a reset: the end that is read next is no end in order
    };

    /// The two operations on the descriptor. `self` is set while one is started. Their `perform` hides what
    /// Asio has inside under that name.
    struct read_operation : readiness_operation<read_operation> {
        // NOLINTNEXTLINE(bugprone-derived-method-shadowing-base-method)
        io_status perform();
        void complete(bool is_told);
        std::shared_ptr<state> self;
    };
    struct write_operation : readiness_operation<write_operation> {
        // NOLINTNEXTLINE(bugprone-derived-method-shadowing-base-method)
        io_status perform();
        void complete(bool is_told);
        std::shared_ptr<state> self;
    };

    state(reactor& home, file_descriptor fd, std::unique_ptr<tls_session> tls);
    ~state();

    // Receiving
    bool can_read_on() const noexcept { return !reading.self && is_readable() && !in.is_full(); }
    /// Starts the read that is always outstanding, where it may be.
    void read_on();
    /// Not at once: the owner may be about to take the bytes without a copy, or to consume more.
    void read_on_later() noexcept;
    io_step read_some() noexcept;
    void on_read();
    /// What a receiver is told without waiting; an interruption and new bytes count as told then.
    std::optional<receive_outcome> known_outcome() noexcept;
    void resume_receiver(receive_outcome outcome);
    /// Looks for a reset that came together with the last bytes: it raised no event of its own.
    void look_behind();
    /// `rdhup_watch` told so.
    void on_rdhup();
    bool is_readable() const noexcept { return !is_closed && peer == peer_side::open; }
    bool has_gone() const noexcept { return has_left || peer != peer_side::open; }
    void advance(peer_side to) noexcept { peer = std::max(peer, to); }

    // Sending
    bool can_send() const noexcept;
    io_step write_some(std::string_view bytes) noexcept;
    /// False when there is no memory to keep them in.
    bool keep_unsent(std::string_view bytes) noexcept;
    void drop_unsent() noexcept;
    void on_written();
    void resume_sender(bool is_sent);
    /// Nothing is sent any more; for a failure unless FIN follows.
    void stop_sending() noexcept;
    void send_end() noexcept;

    // Watching and ending
    void tell_watch();
    /// Has the reactor's `rdhup_watch` tell of an end that no read can see; once.
    void watch_end() noexcept;
    bool has_news_for_sweep() const noexcept;
    void tell_expired();
    void take_apart(bool with_reset) noexcept;
    /// Resumes who waits, one after the other: the first may have ended the second.
    void tell_closed();

    reactor& home;
    descriptor socket;
    std::unique_ptr<tls_session> tls;

    receive_buffer in;
    std::uint32_t told = 0; ///< bytes of `in`
    receive_awaiter* receiver = nullptr;
    read_operation reading;

    block_shelf::block unsent; ///< the rest of a send; locked, for it may be a request with a key
    std::size_t unsent_size = 0;
    std::size_t unsent_begin = 0;
    send_awaiter* sender = nullptr;
    write_operation writing;

    std::function<void()> watch;
    steady_time deadline = steady_time::max();
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    boost::asio::ip::address peer_address;

    peer_side peer = peer_side::open;
    own_side sending = own_side::open;
    bool has_left : 1 = false;        ///< the kernel told of an end or a reset; bytes may be before it
    bool is_closed : 1 = false;       ///< by its owner
    bool is_expired : 1 = false;      ///< the deadline was seen to have passed
    bool is_interrupted : 1 = false;  ///< the next receive is
    bool is_looked_behind : 1 = true; ///< no reset can hide behind the last read
    bool is_in_handler : 1 = false;   ///< which reads on at its end
    bool reads_on_later : 1 = false;  ///< a post for it is on its way
    bool is_end_watched : 1 = false;  ///< by the reactor's `rdhup_watch`, until the end
    bool is_outgoing : 1 = false;     ///< opened from here
    bool watches_bytes : 1 = false;   ///< `watch` is `watch_idle`'s: for bytes and the deadline too
    bool tells_drained : 1 = false;   ///< the kernel says when the socket is empty
};

} // namespace byot::net
