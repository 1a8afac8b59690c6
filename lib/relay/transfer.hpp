#pragma once

#include "http/response_stream.hpp"
#include "relay/conversation.hpp"
#include "relay/relay.hpp"
#include "relay/upload.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace byot::relay {

/// One request on its way through, with its two connections: does what `conversation` and `upload` say. Lives
/// in the coroutine that carries the request (`relay::carry`), which awaits what this gives it.
class transfer final : http::exchange_watcher {
public:
    transfer(http::exchange& exchange, const relay_request& request, const relay_settings& settings,
             const vault::live_keyring& keyring, net::lease upstream);
    /// Drops the upstream's connection unless it was given back; an upload that is still under way when an
    /// exception comes ends first.
    ~transfer();
    transfer(const transfer&) = delete;
    transfer& operator=(const transfer&) = delete;

    /// Head and first body bytes for the upstream, in scratch memory; a failure when they are not to be sent.
    result<std::string_view> write_request();
    /// From here on the client's end and the drain cut the wait for the upstream short.
    http::wiping_send send_request(std::string_view bytes);
    void on_request_sent() noexcept;
    /// Whether there is more of the body to come.
    bool has_upload() const noexcept { return !exchange_.body().is_finished() && !talk_.is_cut(); }
    /// The leave to send it was given, or found no client.
    void on_continue_sent(bool is_sent) noexcept;
    /// Sends the rest of the body in a coroutine of its own.
    void begin_upload();

    /// `co_await receive(step)` waits for the upstream, after what `step` used is forgotten.
    net::connection::receive_awaiter receive(const conversation_step& step);
    conversation_step on_received(net::receive_outcome outcome);
    /// Whether there is anything to `send` to the client.
    bool has_bytes() noexcept { return !client_.writer().bytes().empty(); }
    http::wiping_send send() noexcept { return client_.send(limit_in(settings_.stream_idle)); }
    conversation_step on_sent(const conversation_step& step, bool is_sent);
    /// Nothing more is expected of the upstream.
    void end_upstream() noexcept;
    /// The last step: what the request came to.
    result<relay_answer> end(conversation_step step);

private:
    void on_client_gone() override;
    void on_drained() override;

    bool write_head(http::body_writer& out, std::optional<std::uint64_t> whole_length);
    task<void> run_upload();
    upload_step next_of_upload();
    net::connection::receive_awaiter receive_upload();
    void end_of_upload(upload_step last);
    void fail_upload(failure why);
    /// Ends an upload that an answer or a fault has made pointless. It is over when this returns.
    void end_upload() noexcept;

    /// Closes the upstream's connection for whoever waits on it: what is dropped by `lease::close` alone
    /// resumes nobody.
    void drop_upstream() noexcept;
    /// Ends the wait for the upstream, to whichever of its two ends it is.
    void interrupt_upstream();
    void note_head();
    relay_answer finish();
    bool is_last() noexcept;
    steady_time now() const noexcept { return exchange_.home().coarse_now(); }
    steady_time limit_in(std::chrono::milliseconds wait) const {
        return std::min(now() + wait, exchange_.began() + settings_.request);
    }

    http::exchange& exchange_;
    const relay_request& request_;
    const relay_settings& settings_;
    net::lease upstream_;
    http::response_stream client_;
    const answer_additions additions_;
    conversation talk_;
    upload upload_;
    upload_deadline upload_deadline_;
    std::string flow_;
    bool is_sending_request_ = false;
    bool is_uploading_ = false;
    bool is_head_noted_ = false;
};

} // namespace byot::relay
