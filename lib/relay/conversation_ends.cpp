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
    const bool is_client_unfit = cut_ == cut::client_gone || cut_ == cut::upload_failed;
    const std::string_view outcome = cut_ == cut::client_gone ? "client_gone"
                                     : cut_ == cut::drained   ? "drained"
                                                              : "upstream_gone";
    exchange_.record().outcome = outcome;
    // A length was promised, a document begun, or a stream that only its own protocol can end: only a reset
    // says that it is not whole. A client that is too slow must not take what it has for the whole either.
    if (is_client_unfit || !kind_.is_followed || events_.state() == stream_state::not_genkits) {
        if (!is_client_unfit) fail_with(status_of_cut(), outcome);
        reset_client();
        co_return;
    }
    if (events_.state() == stream_state::unfinished) fail_with(cut_http_status, outcome);
    co_await send_closing(why_broken());
}

task<void> conversation::end_with_connection() {
    if (!kind_.is_followed) co_return;
    drop_upstream();
    if (events_.state() == stream_state::unfinished) fail_with(cut_http_status, "ended_without_result");
    co_await send_closing(ended_without_result);
}

task<void> conversation::send_closing(std::string_view why) {
    flat_buffer out(exchange_.home().scratch());
    const auto closing = events_.closing(why);
    if (framing_ == answer_framing::chunked) {
        if (!closing.empty()) append_chunk(out, closing);
        out.append(last_chunk);
    } else {
        out.append(closing);
    }
    if (out.empty()) co_return;
    const bool is_sent = co_await send_to_client(out.view());
    if (!is_sent) reset_client();
}

unsigned conversation::status_of_cut() const noexcept {
    if (cut_ == cut::drained) return describe(reason::shutting_down).http_status;
    const bool is_late = broken_by_ == receive_outcome::expired;
    return describe(is_late ? reason::upstream_timeout : reason::upstream_unreachable).http_status;
}

void conversation::fail_with(unsigned status, std::string_view outcome) {
    exchange_.record().status = status;
    exchange_.record().outcome = outcome;
}

void conversation::reset_client() {
    exchange_.must_close();
    exchange_.client().reset();
}

void conversation::finish() {
    auto& record = exchange_.record();
    const auto failed = events_.failure();
    if (failed) record.status = *failed;
    if (record.outcome.empty()) record.outcome = failed ? "flow_failed" : "complete";
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
