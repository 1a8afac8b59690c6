#pragma once

#include "http/session.hpp"
#include "net/listener.hpp"

#include <atomic>
#include <list>
#include <memory>
#include <string>

namespace byot::http {

/// One reactor's listener and the connections it accepted.
class server {
public:
    struct settings {
        session_settings sessions;
        unsigned max_connections = 20000;
        /// Connections open on all reactors: the only number that reactors share, because a limit of the
        /// process split in parts would refuse while there is room.
        std::shared_ptr<std::atomic<unsigned>> open_connections = std::make_shared<std::atomic<unsigned>>(0);
    };

    /// `answers` outlives it.
    server(net::reactor& home, settings with, request_handler& answers);
    ~server();

    /// Takes a listener of this reactor; `start` begins to accept.
    void listen_on(std::unique_ptr<net::listener> which) noexcept;
    /// Binds one at once (throws boost::system::system_error) and gives the port.
    std::uint16_t bind(const std::string& address, std::uint16_t port);
    void start();

    /// Each connection, new ones among them, is answered once more and told then that it ends. Over when no
    /// connection of the process is open, or at `limit`: then no more are accepted, idle ones are closed, and
    /// whatever is left is told to end (streams by their terminal frame).
    task<void> finish(steady_time limit);
    /// Waits for those that were told, and resets what is left after a second.
    task<void> end();
    /// Both.
    task<void> drain(steady_time limit);

    std::size_t connections() const noexcept { return sessions_.size(); }

private:
    void accept(std::unique_ptr<net::connection> client);
    /// Answers `overloaded`. Such a connection does not count as open: one that stays for the answer must not
    /// keep another out.
    task<void> turn_away(std::unique_ptr<net::connection> client);
    task<void> answer_overloaded(net::connection& client);
    void begin(std::list<session>::iterator which);
    /// Reads a head, has it answered, and goes on while the connection may be kept.
    task<void> serve(std::list<session>::iterator which);
    void forget(std::list<session>::iterator which) noexcept;
    task<void> wait_until_empty(steady_time limit);
    void reset();

    net::reactor& home_;
    settings settings_;
    request_handler& answers_;
    std::unique_ptr<net::listener> listener_;
    std::list<session> sessions_;
    std::uint64_t accepted_ = 0;
    unsigned turning_away_ = 0;
    bool is_draining_ = false;
    std::string request_id_prefix_;
};

} // namespace byot::http
