#pragma once

#include "http/cors.hpp"
#include "http/exchange.hpp"
#include "http/refused_head.hpp"

#include <memory>
#include <string>

namespace byot::http {

/// What all sessions of a server have in common.
struct session_settings {
    client_deadlines deadlines;
    std::shared_ptr<const cors_policy> cors; ///< null: no page calls, and no answer speaks of CORS
};

/// One client connection: its next head, the exchange under way and what is recorded of it. The server that
/// made it is its loop (`server::serve`) and keeps it in its list until that is over.
class session {
public:
    /// `request_id_prefix`: what its requests' ids begin with. What is passed by reference outlives it.
    session(std::unique_ptr<net::connection> client, const session_settings& with,
            std::string request_id_prefix);

    /// Waits for a whole head: the exchange has begun then. False when the connection is done with; an answer
    /// was given if one was due (`was_refused`).
    task<bool> read_head();
    bool was_refused() const noexcept { return is_refused_; }
    exchange& asked() noexcept { return exchange_; }

    /// To be called while the exception is handled with which answering ended. What is to be answered in
    /// place of an answer.
    reason note_exception() noexcept;
    /// Whether an answer is due, answering being over, with an exception or without. A connection on which
    /// half of one is out is reset: its client must not take that for the whole.
    bool is_answer_due(bool has_failed) noexcept;
    /// What was recorded of the exchange that is over. Valid until the next head.
    const telemetry::access_record& finish_record();
    /// Whether another request may follow the one that was answered.
    bool may_go_on() const noexcept;
    /// Ends the connection, so that an answer is not lost to what the client still sends.
    task<void> end();

    /// One more answer, which says that the connection ends: its client cannot know before, and may be
    /// sending.
    void begin_drain() noexcept { exchange_.begin_drain(); }
    /// Ends the exchange under way; an idle connection is closed.
    void end_drain();

    net::connection& client() noexcept { return *client_; }

private:
    /// Whether a whole, good head is at hand; the exchange has begun then.
    result<bool> scan_head();
    /// Answers a request whose head was refused, so that nothing after it can be trusted.
    task<void> refuse(failure why);
    /// Has every answer to a page carry its CORS fields, for that it may read errors too.
    void carry_cors(std::string_view origin) noexcept;
    /// Passes over the rest of a head that is too large: browsers send Origin late.
    task<void> look_for_origin(refused_head& head);
    void start_record();

    std::unique_ptr<net::connection> client_;
    const client_deadlines& deadlines_;
    const cors_policy* cors_;
    std::string request_id_prefix_;
    std::uint32_t requests_ = 0;
    exchange exchange_;
    std::uint64_t bytes_in_before_ = 0;
    std::uint64_t bytes_out_before_ = 0;
    bool is_idle_ = true;
    bool is_refused_ = false;
};

} // namespace byot::http
