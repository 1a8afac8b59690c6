#pragma once

#include "core/secret.hpp"
#include "core/task.hpp"
#include "http/check_head.hpp"
#include "http/rate_limit_fields.hpp"
#include "http/response.hpp"
#include "net/connection.hpp"
#include "telemetry/access_record.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::http {

/// How long a client may take (BYOT_HEADER_TIMEOUT, _IDLE_TIMEOUT, _BODY_TIMEOUT).
struct client_deadlines {
    std::chrono::milliseconds header{10000};
    std::chrono::milliseconds idle{75000};
    std::chrono::milliseconds body{30000};
};

/// Told of what ends an exchange before its answer is through. What it does may end the exchange.
class exchange_watcher {
public:
    /// The client has ended its side or failed.
    virtual void on_client_gone() = 0;
    /// The server's drain time is over. Called once.
    virtual void on_drained() = 0;

protected:
    ~exchange_watcher() = default;
};

/// One request and its answer, in the hands of whoever answers it. The head's views live in the connection's
/// buffer until `read_body`, `release_head` or the answer.
class exchange {
public:
    exchange(net::connection& client, const client_deadlines& deadlines) noexcept
        : client_(client), deadlines_(deadlines) {}
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    net::connection& client() const noexcept { return client_; }
    net::reactor& home() const noexcept { return client_.home(); }
    const request_head& head() const noexcept { return head_; }
    const checked_head& checked() const noexcept { return checked_; }
    telemetry::access_record& record() noexcept { return record_; }
    steady_time began() const noexcept { return began_; }

    /// Reads the whole body, at most `limit` bytes of content, into locked memory. Failures:
    /// `body_too_large`, `request_timeout`, `request_malformed` (framing, or the client went away).
    task<result<secret>> read_body(std::size_t limit);

    /// Answers, unless the client has gone: a FIN says so, wherever it stands and whatever was asked. What is
    /// left of the body is read on first, at most 64 KiB of it, so that a fault in its
    /// framing is told instead and a small one does not cost the connection.
    task<void> respond(response answer);
    task<void> respond(failure why);

    /// Field lines that every answer of this exchange carries (CORS); they must outlive it.
    void carry(std::string_view field_lines) noexcept { extra_ = field_lines; }
    std::string_view carried() const noexcept { return extra_; }
    /// A field that the answer carries, whatever it will be. Not for the relay's.
    void add_field(std::string name, std::string value) {
        own_fields_.emplace_back(std::move(name), std::move(value));
    }
    /// What the limits said of this request, told in its answer.
    rate_limit_states& rate_limits() noexcept { return rate_limits_; }

    // The request's body, for who passes it on
    // ---------------------------------------------------------------

    /// Forgets the head: the connection's bytes begin with the body then. The head's views die.
    void release_head() noexcept;
    /// The body's framing, to follow it.
    body_framing& body() noexcept { return checked_.body; }
    /// Neither closed here, nor ended or failed by the client.
    bool is_client_open() const noexcept { return client_.is_open(); }
    /// What has come of the body and was not consumed, as it was framed. Makes room when there is none, once
    /// the head is released.
    std::string_view body_bytes();
    void consume_body(std::size_t count) noexcept;
    /// Whether more of the body finds room behind what has come.
    bool has_room_for_body() const noexcept { return client_.received().size() < client_.capacity(); }
    /// `co_await receive_body(limit)` waits for more of it, as `net::connection::receive` does.
    net::connection::receive_awaiter receive_body(steady_time limit) noexcept;
    /// Ends that wait.
    void interrupt_body() { client_.interrupt(); }
    /// Nobody waits for the client.
    void stop_waiting() noexcept { client_.never_expire(); }
    /// Whether the client waits for leave to send the body (RFC 9110 §10.1.1), and the leave.
    bool expects_continue() const noexcept { return checked_.expects_continue; }
    task<bool> send_continue();

    // For `response_stream` and who writes a raw answer
    // -------------------------------------------------------

    /// An answer of that status is on its way: it can only be gone on with, or cut.
    void mark_answered(unsigned status) noexcept;
    bool is_answered() const noexcept { return is_answered_; }
    /// Whether the connection may carry another request after this one.
    bool keeps_alive() const noexcept { return checked_.keeps_alive && !must_close_; }
    void must_close() noexcept { must_close_ = true; }

    /// Whether the process is about to end: an answer whose head is not out yet is its connection's last.
    bool is_draining() const noexcept { return is_draining_; }
    /// Whether the drain time is over.
    bool is_drained() const noexcept { return is_drained_; }
    /// Has one watcher told, in place of an earlier one; at once of what has happened already.
    void watch(exchange_watcher& whom);
    void unwatch();

private:
    friend class session;

    /// Reads on to the body's end; false when the connection cannot be used any more.
    enum class discard_outcome { finished, too_long, malformed, gone };
    task<discard_outcome> discard_body(std::size_t most);
    task<void> write(response answer);
    void begin(const request_head& head, const checked_head& checked, steady_time now);
    void begin_drain() noexcept;
    void drain();
    void tell_drained();

    net::connection& client_;
    const client_deadlines& deadlines_;
    request_head head_;
    checked_head checked_;
    telemetry::access_record record_;
    steady_time began_;
    std::string_view extra_;
    rate_limit_states rate_limits_;
    std::vector<std::pair<std::string, std::string>> own_fields_;
    exchange_watcher* watcher_ = nullptr;
    bool is_head_held_ = false;
    bool is_answered_ = false;
    bool must_close_ = false;
    bool is_draining_ = false;
    bool is_drained_ = false;
    bool is_head_method_ = false;
};

/// What the requests of a server are answered by.
class request_handler {
public:
    virtual ~request_handler() = default;
    /// Answers one exchange. An exception that leaves it is answered INTERNAL, or OVERLOADED when there was
    /// no memory.
    virtual task<void> answer(exchange& asked) = 0;
    /// Called after each answered request, one whose head was refused among them, before the record is
    /// forgotten.
    virtual void observe(const telemetry::access_record& record) = 0;
};

} // namespace byot::http
