#pragma once

#include "core/secret.hpp"
#include "http/body_writer.hpp"
#include "http/exchange.hpp"

#include <coroutine>
#include <optional>
#include <span>
#include <string_view>

namespace byot::http {

/// Frames one answer that goes to its client as it comes. No I/O: it writes into memory that it is lent, one
/// flat write at a time, and `response_stream` sends what it wrote. The form of the body follows from what is
/// known of it and of the client: none for 204 and 304; its length; chunks; or, to HTTP/1.0, the content up
/// to the end of the connection (RFC 9112 §6.3, §7).
class response_writer {
public:
    /// `is_http_1_0`: the client cannot read chunks.
    explicit response_writer(bool is_http_1_0) noexcept : is_http_1_0_(is_http_1_0) {}

    /// Begins a write in `memory`, which must have room for the head, the input and 1 KiB.
    void open(std::span<char> memory) noexcept { out_.emplace(memory, form_); }

    /// What the head says of the body and of the connection.
    struct answer {
        unsigned status = 200;
        body_framing body;            ///< as it comes
        bool may_be_added_to = false; ///< content of this side's own may follow, so no length is promised
        bool is_last = false;         ///< the connection's last one
    };
    /// Decides how the body goes. Append the head's first lines to `head` then, and close it by `end_head`.
    void begin(const answer& what) noexcept;
    flat_buffer& head() noexcept { return out_->head(); }
    /// Content-Length or Transfer-Encoding, `Connection: close` where it is due, and the empty line: at most
    /// 128 bytes.
    void end_head() noexcept;

    /// The body behind the head in the same write, or on its own.
    body_writer& body() noexcept { return *out_; }
    /// What has been written since `open`, to be sent; empty: nothing.
    std::string_view bytes() const noexcept { return out_->bytes(); }

    /// Of the answer that was begun; 0: none.
    unsigned status() const noexcept { return status_; }
    /// Whether the connection ends with the answer that was begun.
    bool is_last() const noexcept { return is_last_; }

private:
    std::optional<body_writer> out_;
    std::optional<std::uint64_t> length_;
    unsigned status_ = 0;
    body_form form_ = body_form::plain;
    bool is_http_1_0_;
    bool is_last_ = false;
};

/// Sends bytes that may hold a key, from scratch memory or at the front of a receive buffer, and wipes them
/// there before anything else can run: the connection has copied what it could not send at once.
class wiping_send {
public:
    wiping_send(net::connection& to, std::string_view bytes) noexcept
        : bytes_(bytes), sending_(to.send(bytes)) {}

    bool await_ready() noexcept {
        const bool is_ready = sending_.await_ready();
        if (is_ready) wipe_bytes();
        return is_ready;
    }
    [[nodiscard]] bool await_suspend(std::coroutine_handle<> waiter) noexcept {
        const bool is_suspended = sending_.await_suspend(waiter);
        wipe_bytes();
        return is_suspended;
    }
    bool await_resume() const { return sending_.await_resume(); }

private:
    void wipe_bytes() const noexcept { wipe(const_cast<char*>(bytes_.data()), bytes_.size()); }

    std::string_view bytes_;
    net::connection::send_awaiter sending_;
};

/// The answer to one exchange, sent as it comes by somebody who gets it from elsewhere (the relay). While it
/// lives its `exchange_watcher` is told when the client leaves and when the drain time is over.
class response_stream {
public:
    explicit response_stream(exchange& of) noexcept
        : exchange_(of), writer_(of.head().minor_version() == 0) {}
    /// Takes the watch away.
    ~response_stream() { unwatch(); }
    response_stream(const response_stream&) = delete;
    response_stream& operator=(const response_stream&) = delete;

    /// From here on `whom` is told, at once if it has happened already. It must outlive this.
    void watch(exchange_watcher& whom);
    void unwatch() noexcept;

    /// The writer, with a new write begun in the reactor's scratch memory.
    response_writer& open() noexcept {
        writer_.open(exchange_.home().scratch());
        return writer_;
    }
    const response_writer& writer() const noexcept { return writer_; }
    /// `co_await send(limit)` sends what was written and wipes it: an upstream may say back what it was sent.
    /// False when the client is gone or too slow. The first one is the answer's head.
    wiping_send send(steady_time limit) noexcept;

    /// The client has taken all it was sent, and is waited for by nobody.
    void pause() noexcept { exchange_.client().never_expire(); }
    /// Ends the connection so that what was sent is not taken for the whole.
    void reset() noexcept;
    /// Ends the connection of a client that has gone and is told nothing.
    void leave() noexcept;

private:
    exchange& exchange_;
    response_writer writer_;
};

} // namespace byot::http
