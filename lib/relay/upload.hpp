#pragma once

#include "core/clock.hpp"
#include "core/failure.hpp"
#include "http/body_writer.hpp"
#include "net/connection.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::relay {

/// Until when a client must have sent more of its body (BYOT_BODY_TIMEOUT). Only progress worth the name puts
/// it off, so that a byte now and then does not hold a request for ever.
class upload_deadline {
public:
    /// Content that renews the whole wait, in bytes.
    static constexpr std::uint64_t renewing_progress = 16 * 1024;

    explicit upload_deadline(std::chrono::milliseconds wait) noexcept : wait_(wait) {}

    /// The deadline now that `seen` bytes of content came in all. The first call starts it.
    steady_time after(std::uint64_t seen, steady_time now) noexcept;
    /// Puts it off by a time in which nobody waited for the client.
    void put_off(steady_time::duration by) noexcept { end_ += by; }

private:
    std::chrono::milliseconds wait_;
    std::uint64_t seen_at_renewal_ = 0;
    steady_time end_{};
    bool is_started_ = false;
};

/// What is to be done next for a request's body on its way upstream.
struct upload_step {
    enum class act : std::uint8_t {
        receive, ///< wait for the client, then `on_bytes` or `on_end`
        send,    ///< send `bytes` upstream, then forget `used` of the client's
        finish,  ///< the body is whole, or its end does not matter any more
        fail,    ///< the client is told `why`
        leave,   ///< the client has gone
    };
    act what = act::receive;
    std::size_t used = 0;
    std::string_view bytes; ///< of `send`: of the client's bytes or in the writer's memory
    std::optional<failure> why;
};

/// The rules by which a request's body goes upstream as it comes, without I/O.
class upload {
public:
    /// `body` is the request's framing, which this follows; at most `max_body` bytes of content go through.
    upload(http::body_framing& body, std::uint64_t max_body) noexcept : body_(body), max_body_(max_body) {}

    /// What has come, behind the head that `out` may hold: to be sent, unless it fails with
    /// `request_malformed` or `body_too_large`.
    upload_step on_bytes(http::body_writer& out, std::string_view bytes);
    /// What the client's end means: `request_timeout`, or that it has gone.
    upload_step on_end(net::receive_outcome outcome) const;

private:
    http::body_framing& body_;
    std::uint64_t max_body_;
};

} // namespace byot::relay
