// How it ends, in order and otherwise.
#include "relay/conversation.hpp"

namespace byot::relay {

using net::receive_outcome;

conversation::~conversation() {
    exchange_.client().watch_peer({});
    exchange_.when_drained({});
    end_upload();
}

std::string_view conversation::why_broken() const {
    if (cut_ == cut::drained) return "This instance is shutting down.";
    if (is_malformed_) return "The AI service broke the rules of HTTP.";
    if (broken_by_ == receive_outcome::expired) return "The AI service stopped sending.";
    if (body_.is_until_close() && broken_by_ == receive_outcome::ended) return ended_without_result;
    return "The AI service closed the connection before its answer was complete.";
}

task<void> conversation::end_broken() {
    is_reusable_ = false;
    drop_upstream();
    auto& record = exchange_.record();
    record.outcome = cut_ == cut::client_gone ? "client_gone"
                     : cut_ == cut::drained   ? "drained"
                                              : "upstream_gone";
    const bool is_client_unfit = cut_ == cut::client_gone || cut_ == cut::upload_failed;
    // A length was promised, or a document begun: only a reset says that it is not whole. A client that is
    // too slow must not take what it has for the whole either.
    if (is_client_unfit || !is_stream_) {
        reset_client();
        co_return;
    }
    flat_buffer out(exchange_.home().scratch());
    if (!events_.has_terminal_event()) {
        const auto event = terminal_event("UNAVAILABLE", why_broken(), events_.rest_of_event());
        framing_ == answer_framing::chunked ? append_chunk(out, event) : out.append(event);
    }
    if (framing_ == answer_framing::chunked) out.append(last_chunk);
    if (out.empty()) co_return;
    const bool is_sent = co_await send_to_client(out.view());
    if (!is_sent) reset_client();
}

void conversation::reset_client() {
    exchange_.must_close();
    exchange_.client().reset();
}

void conversation::finish() {
    if (exchange_.record().outcome.empty()) exchange_.record().outcome = "complete";
    if (!upstream_) return;
    const bool is_clean = is_reusable_ && body_.is_finished() && exchange_.body().is_finished();
    if (is_clean) {
        upstream_->never_expire();
        upstream_.give_back();
    } else {
        drop_upstream();
    }
}

void conversation::drop_upstream() noexcept {
    if (!upstream_) return;
    upstream_->close();
    upstream_.close();
}

void conversation::interrupt_upstream() {
    if (!upstream_) return;
    if (is_sending_request_) {
        upstream_->close(); // an interrupted connection would go on sending
    } else {
        upstream_->interrupt();
    }
}

void conversation::end_upload() noexcept {
    if (!is_uploading_) return;
    exchange_.must_close();
    drop_upstream();
    if (is_uploading_) exchange_.client().interrupt();
}

} // namespace byot::relay
