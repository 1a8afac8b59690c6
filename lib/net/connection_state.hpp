#pragma once

#include "core/file_descriptor.hpp"
#include "net/connection.hpp"
#include "net/reactor_state.hpp"
#include "net/stream_io.hpp"
#include "net/tls_session.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>

namespace byot::net {

/// What a connection is while handlers may still come for it. Its operations keep it alive while they wait;
/// every function that resumes somebody is called with a shared pointer held, and returns at once after
/// unless it says otherwise.
struct connection::state : std::enable_shared_from_this<connection::state>, connection_link {
    /// The two operations on the descriptor. `self` is set while one is started.
    struct read_operation : readiness_operation<read_operation> {
        io_status perform();
        void complete(bool is_told);
        std::shared_ptr<state> self;
    };
    struct write_operation : readiness_operation<write_operation> {
        io_status perform();
        void complete(bool is_told);
        std::shared_ptr<state> self;
    };

    state(reactor& home, file_descriptor fd, std::unique_ptr<tls_session> tls);
    ~state();

    // receiving.cpp
    bool can_read_on() const noexcept;
    void read_on();
    void read_on_later() noexcept;
    void on_read();
    io_step read_some() noexcept;
    std::optional<receive_outcome> known_outcome() noexcept;
    void resume_receiver(receive_outcome outcome);
    void tell_watch();
    void look_behind();
    void on_rdhup();
    bool has_gone() const noexcept { return is_ended || is_failed || has_left; }

    // sending.cpp
    bool can_send() const noexcept;
    io_step write_some(std::string_view bytes) noexcept;
    /// False when there is no memory to keep them in.
    bool keep_unsent(std::string_view bytes) noexcept;
    void drop_unsent() noexcept;
    void on_written();
    void resume_sender(bool is_sent);

    // ending.cpp
    void take_apart(bool with_reset) noexcept;
    void tell_closed();
    bool has_news_for_sweep() const noexcept;
    void tell_expired();
    void end_sending() noexcept;

    reactor& home;
    descriptor socket;
    std::unique_ptr<tls_session> tls;

    receive_buffer in;
    std::uint32_t told = 0; ///< how many of `in`'s bytes the receiver knows of
    receive_awaiter* receiver = nullptr;
    read_operation reading;

    block_shelf::block unsent; ///< locked: it may be a request with a key
    std::size_t unsent_size = 0;
    std::size_t unsent_begin = 0;
    send_awaiter* sender = nullptr;
    write_operation writing;

    std::function<void()> watch;
    steady_time deadline = steady_time::max();
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    boost::asio::ip::address peer;

    bool is_outgoing : 1 = false;     ///< opened from here
    bool tells_drained : 1 = false;   ///< the kernel says when the socket is empty
    bool is_looked_behind : 1 = true; ///< no reset can hide behind the last read
    bool is_end_watched : 1 = false;  ///< by the reactor's `rdhup_watch`
    bool has_left : 1 = false;        ///< they told so; bytes may be left to read
    bool is_ended : 1 = false;        ///< by the peer, in order
    bool is_failed : 1 = false;       ///< by the peer, or TLS
    bool is_closed : 1 = false;       ///< by its owner
    bool is_expired : 1 = false;      ///< the deadline passed
    bool is_interrupted : 1 = false;  ///< the next receive is
    bool is_sending_over : 1 = false; ///< a send failed, or FIN was sent
    bool was_reset : 1 = false;       ///< a send met a reset, so the next end is one
    bool watches_bytes : 1 = false;   ///< the watch is for bytes and the deadline too
    bool is_in_handler : 1 = false;   ///< which reads on at its end
    bool reads_on_later : 1 = false;  ///< a post for it is on its way
};

} // namespace byot::net
