#pragma once

#include "core/clock.hpp"
#include "core/user_id.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace byot::telemetry {

class request_trace;

/// What is logged of one request. No target, no query, no field value that a client chose: it may have put a
/// key there.
struct access_record {
    std::string_view method;   ///< a registered method, or "OTHER"
    std::string_view route;    ///< the route's pattern, "/api/ai/{path}"
    std::string flow;          ///< the relay's path, only once an upstream knew it
    unsigned status = 0;       ///< 0: the connection ended before an answer
    std::string_view reason;   ///< of the error table, or empty
    std::string_view provider; ///< a configured provider, or empty
    user_id user;
    std::string_view outcome; ///< "complete", "client_gone", "upstream_gone", "drained" …
    std::string remote;       ///< the client's address
    /// Why that is the peer's though proxies are trusted to name the client ("too_few", "no_address"), or
    /// empty. Counted, and not part of the line.
    std::string_view forwarding_fault;
    // Counted too, and no part of the line, each a text of this program's own or empty:
    std::string_view token;      ///< "remembered" when its signature was not looked at
    std::string_view key_lookup; ///< "hit" when the key was at hand, "miss" when the store was asked
    std::string_view verdict;    ///< the state of a key after what its provider said of it
    std::string_view limit;      ///< which one refused the request: "address", "user", "streams"
    std::string request_id;
    std::string trace_id; ///< 32 hexadecimal digits, or empty
    std::string span_id;
    bool is_sampled = false;
    std::shared_ptr<request_trace> trace; ///< null when it is not traced
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::chrono::microseconds duration{0};
    std::chrono::microseconds first_byte{0}; ///< the relay's; zero when none came
};

/// One access-log line: in JSON as Cloud Logging takes it (severity, message, httpRequest,
/// logging.googleapis.com/trace as projects/PROJECT/traces/ID, spanId, trace_sampled), in text for people.
/// 5xx are errors, 4xx warnings only from 429 on.
void write_access(log& out, const access_record& record, std::string_view project, wall_time now);

} // namespace byot::telemetry
