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

/// One client connection: reads a head, has it answered, and goes on while the connection may be kept.
/// Runs as one coroutine; the server that made it keeps it in its list until it is done.
class session {
public:
    session(std::unique_ptr<net::connection> client, const session_settings& with, const application& answer,
            std::string request_id_prefix);

    /// Called after each answered request, one whose head was refused among them, before the record is
    /// forgotten.
    using observer = std::function<void(const telemetry::access_record&)>;

    /// Serves until the connection ends. Throws std::bad_alloc when there is no memory to answer with.
    task<void> run(const observer& observe);

    /// One more answer, which says that the connection ends: its client cannot know before, and may be
    /// sending.
    void begin_drain() noexcept { exchange_.begin_drain(); }
    /// Ends the exchange under way; an idle connection is closed.
    void end_drain();

    net::connection& client() noexcept { return *client_; }

private:
    /// Whether a whole, good head is at hand; the exchange has begun then.
    result<bool> scan_head();
    /// Waits for a whole head. False when the connection is done with (an answer was given if one was due).
    task<bool> read_head();
    /// Answers a request whose head was refused, so that nothing after it can be trusted.
    task<void> refuse(failure why);
    /// Has every answer to a page carry its CORS fields, for that it may read errors too.
    void carry_cors(std::string_view origin) noexcept;
    /// Passes over the rest of a head that is too large: browsers send Origin late.
    task<void> look_for_origin(refused_head& head);
    task<void> answer_one();
    /// Whether another request may follow the one that was answered.
    bool may_go_on() const noexcept;
    void start_record();
    void finish_record(const observer& observe);

    std::unique_ptr<net::connection> client_;
    const client_deadlines& deadlines_;
    const cors_policy* cors_;
    const application& answer_;
    std::string request_id_prefix_;
    std::uint32_t requests_ = 0;
    exchange exchange_;
    std::uint64_t bytes_in_before_ = 0;
    std::uint64_t bytes_out_before_ = 0;
    bool is_idle_ = true;
    bool is_refused_ = false;
};

} // namespace byot::http
