#pragma once

#include "core/task.hpp"
#include "http/response.hpp"
#include "net/listener.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <string_view>

namespace byot::http {

/// One request to a `local_server`, whose body is there, and its answer. The views live as long as it does.
class local_exchange {
public:
    struct state;
    explicit local_exchange(state& s) noexcept : state_(s) {}

    std::string_view method() const noexcept;
    /// The target without its query, as it came.
    std::string_view path() const noexcept;
    /// The first field of that name, without case; empty when absent. In locked memory: it may be a key.
    std::string_view field(std::string_view name) const;
    std::string_view body() const noexcept;
    net::reactor& home() const noexcept;

    /// Answers whole. Once.
    task<void> respond(response answer);
    task<void> respond(failure why);

    /// Begins an answer in chunks; its head goes out with the first.
    void begin_stream(std::string_view content_type);
    /// False when the client has gone. `content` is not empty.
    task<bool> write(std::string_view content);
    /// Writes the last content and ends the answer.
    task<void> finish(std::string_view content);

private:
    state& state_;
};

/// Who answers the requests of a `local_server`.
class local_service {
public:
    /// An exception that leaves it is answered INTERNAL.
    virtual task<void> answer(local_exchange& asked) = 0;

protected:
    ~local_service() = default;
};

/// A small server on 127.0.0.1 for this machine's own use, by Beast's parser and serializer: the operator's
/// port and the demo's upstream. Not for strangers: they are `server`'s, which refuses more.
/// Bounds: 32 KiB of head, `max_body` of body, 1024 connections; 10 s for a head, 30 s for a body, 75 s
/// between requests, 10 s for each write.
class local_server {
public:
    /// Listens at once; port 0 takes a free one. Throws boost::system::system_error when the port is taken.
    /// `service` outlives it.
    local_server(net::reactor& home, std::uint16_t port, std::size_t max_body, local_service& service);
    ~local_server();

    std::uint16_t port() const noexcept { return listener_.port(); }
    /// Begins to accept. From any thread.
    void start();
    /// Accepts no more, closes idle connections, waits for the others until `limit` and a second longer, and
    /// resets what is left.
    task<void> drain(steady_time limit);

private:
    struct session;

    void accept(std::unique_ptr<net::connection> client);
    task<void> serve(std::list<session>::iterator which);
    task<bool> answer_one(session& with);
    task<void> wait_until_empty(steady_time limit);

    net::reactor& home_;
    local_service& service_;
    std::size_t max_body_;
    bool is_draining_ = false;
    std::list<session> sessions_;
    net::listener listener_;
};

} // namespace byot::http
