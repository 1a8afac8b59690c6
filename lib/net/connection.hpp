#pragma once

#include "core/clock.hpp"
#include "core/file_descriptor.hpp"
#include "net/reactor.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <coroutine>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace byot::net {

class tls_session;

/// What ended a wait for bytes.
enum class receive_outcome {
    arrived,     ///< there are more bytes in `received()` than before
    ended,       ///< the peer closed its side in order; what came before is still in `received()`
    failed,      ///< reset, or a TLS fault
    expired,     ///< the deadline passed
    interrupted, ///< somebody called `interrupt()`
};

/// One TCP or TLS byte stream, either side of a conversation. A read is outstanding whenever there is room
/// in its buffer, so a close by the peer is noticed at once, whatever its owner waits for. One coroutine at a
/// time receives and one sends. Not for use from another thread than its reactor's.
///
/// Buffers: 2 KiB to receive until `reserve` asks for more; none to send until the kernel's is full.
class connection {
public:
    connection(reactor& home, boost::asio::ip::tcp::socket socket);
    /// Takes a connected TCP descriptor.
    connection(reactor& home, int fd);
    connection(reactor& home, file_descriptor fd);
    /// Takes one that was opened from here, with the TLS session on it, whose handshake is done (null for
    /// none): `reactor::end_outgoing` closes it.
    connection(reactor& home, file_descriptor fd, std::unique_ptr<tls_session> tls);
    /// Closes it, if `close` was not called.
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    reactor& home() const noexcept;

    // Receiving ------------------------------------------------------------------------------------------

    /// The bytes that came and were not consumed. The view is valid until `consume`, `reserve` or the end of
    /// the next `receive`; its bytes do not move while a read goes on, so views into a pinned front stay true
    /// until `consume` or `reserve`.
    std::string_view received() const noexcept;
    /// Forgets the first `count` bytes and wipes them: they may have been a key or a token.
    void consume(std::size_t count) noexcept;
    /// Makes the buffer at least `capacity` bytes large (and shrinks nothing). Views die.
    void reserve(std::size_t capacity);
    /// Gives a larger buffer back when nothing is in it.
    void shrink() noexcept;
    /// Bytes the buffer can hold.
    std::size_t capacity() const noexcept;

    class receive_awaiter;
    /// `co_await receive()` gives a `receive_outcome`. Returns at once when bytes came since the last receive
    /// and nobody has waited for them, or when the end was seen. Precondition: `received()` is shorter than
    /// `capacity()`.
    receive_awaiter receive() noexcept;

    /// Moves bytes that are there already into `room`, after what `received()` holds was consumed: for large
    /// bodies. Zero when there are none, or on TLS.
    std::size_t take_now(std::span<char> room) noexcept;

    // Sending --------------------------------------------------------------------------------------------

    class send_awaiter;
    /// `co_await send(bytes)` gives true when all bytes are the kernel's. Tries at once and suspends only
    /// when that would block; then the rest is kept in a buffer of the connection's own, so `bytes` may be
    /// scratch memory. False when the peer is gone, the deadline passed or the connection was closed. Throws
    /// std::bad_alloc when there is no memory for the rest; a part may be out then, and no later send
    /// succeeds.
    send_awaiter send(std::string_view bytes) noexcept;

    // Ending ---------------------------------------------------------------------------------------------

    /// Neither closed here, nor ended or failed by the peer.
    bool is_open() const noexcept;
    /// Whether the peer has ended its side or failed, seen by a read or known to the kernel alone, which is
    /// asked (one system call): behind bytes that nobody received too. True when it was closed here.
    bool is_peer_gone() const noexcept;
    /// No byte waits, none is expected, and the peer has not closed: fit to be used for another request.
    bool is_quiet() const noexcept;
    /// Whether bytes came that nobody received yet, those that only the kernel has among them.
    bool has_waiting_bytes() const noexcept;
    /// Called once when the peer ends or fails while nobody waits in `receive`; an empty function takes the
    /// watch away. Called at once if that has happened already.
    void watch_peer(std::function<void()> gone);
    /// As `watch_peer`, and called too when a byte comes or the deadline passes, at once if the connection is
    /// not quiet now: for a connection that nobody uses. The two take each other's place.
    void watch_idle(std::function<void()> disturbed);
    /// Makes the `receive` that waits now, or else the next one, give `interrupted`.
    void interrupt();
    /// After this moment waits give `expired` and sends false (checked each `reactor::sweep_interval`).
    void expire_at(steady_time when) noexcept;
    void never_expire() noexcept;
    /// Whether that moment was seen to have passed.
    bool is_expired() const noexcept;

    /// Closes in order (FIN; close_notify on TLS where that does not block).
    void close() noexcept;
    /// Closes with a reset, so that a truncated message is not taken for a whole one.
    void reset() noexcept;
    /// Sends FIN and reads on, up to 256 KiB or until `limit`, so that an answer given before the request's
    /// body was read is not lost to a reset (RFC 9112 §9.6); then closes.
    task<void> linger(steady_time limit);

    /// The other end, as text without a port: "127.0.0.1", "2001:db8::1".
    std::string peer_address() const;
    /// Bytes over this connection since it began.
    std::uint64_t bytes_received() const noexcept;
    std::uint64_t bytes_sent() const noexcept;

private:
    friend class reactor;
    struct state;
    std::shared_ptr<state> state_;
};

class connection::receive_awaiter {
public:
    explicit receive_awaiter(state& s) noexcept : state_(&s) {}
    ~receive_awaiter() {
        if (waiter_ && state_) forget();
    }
    receive_awaiter(const receive_awaiter&) = delete;
    receive_awaiter& operator=(const receive_awaiter&) = delete;

    bool await_ready() noexcept;
    void await_suspend(std::coroutine_handle<> waiter) noexcept;
    receive_outcome await_resume() const noexcept { return outcome_; }

private:
    friend class connection;
    void resume(receive_outcome outcome);
    void abandon() noexcept { state_ = nullptr; }
    void forget() noexcept;

    state* state_;
    std::coroutine_handle<> waiter_;
    receive_outcome outcome_ = receive_outcome::failed;
};

class connection::send_awaiter {
public:
    send_awaiter(state& s, std::string_view bytes) noexcept : state_(&s), rest_(bytes) {}
    ~send_awaiter() {
        if (waiter_ && state_) forget();
    }
    send_awaiter(const send_awaiter&) = delete;
    send_awaiter& operator=(const send_awaiter&) = delete;

    bool await_ready() noexcept;
    /// False when nobody will resume `waiter`: to be passed on by an awaiter around this one.
    [[nodiscard]] bool await_suspend(std::coroutine_handle<> waiter) noexcept;
    bool await_resume() const;

private:
    friend class connection;
    void resume(bool is_sent);
    void abandon() noexcept { state_ = nullptr; }
    void forget() noexcept;

    state* state_;
    std::string_view rest_;
    std::coroutine_handle<> waiter_;
    bool is_sent_ = false;
    bool is_out_of_memory_ = false;
};

} // namespace byot::net
