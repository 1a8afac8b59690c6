#include "relay/conversation.hpp"

#include "core/clock.hpp"

namespace byot::relay {
namespace {

using net::receive_outcome;

/// More of them before an answer are a way to be waited for without an end: each is news, so no deadline is
/// met.
constexpr unsigned most_interim_answers = 16;

conversation_step refuse(failure why) {
    conversation_step step{conversation_step::act::refuse, 0, true, std::nullopt};
    step.why = std::move(why);
    return step;
}

} // namespace

// Before the answer ----------------------------------------------------------------------------------------

conversation_step conversation::on_bytes(http::response_writer& to, std::string_view bytes, bool is_last) {
    if (status_ != 0) return forward(to, bytes, 0);
    std::size_t used = 0;
    while (used < bytes.size()) {
        const auto scanned = http::scan_response_head(bytes.substr(used));
        if (scanned.has_error()) return refuse_without_answer(scanned.error(), used);
        if (!scanned.value()) break;
        const auto& head = *scanned.value();
        if (head.status >= 200) {
            const auto content = bytes.substr(used + head.size);
            if (is_content_due(head, asked_for_stream_, content)) break;
            auto step = begin_answer(to, head, content, is_last);
            step.used += used;
            return step;
        }
        used += head.size;
        if (++interim_answers_ > most_interim_answers)
            return refuse_without_answer(failure(reason::upstream_invalid), used);
    }
    return {act::receive, used, false, std::nullopt};
}

conversation_step conversation::on_end(http::response_writer& to, receive_outcome outcome,
                                       std::string_view bytes, bool is_last) {
    if (status_ == 0) {
        // A head may have waited for content that tells what it is, and ended with the connection.
        auto scanned = http::scan_response_head(bytes);
        const bool is_whole = scanned.has_value() && scanned.value() && outcome == receive_outcome::ended;
        if (!is_whole || !scanned.value()->body.is_until_close())
            return refuse_without_answer(why_no_answer(outcome), 0);
        return begin_answer(to, *scanned.value(), bytes.substr(scanned.value()->size), is_last);
    }
    is_reusable_ = false;
    broken_by_ = outcome;
    if (body_.is_until_close() && outcome == receive_outcome::ended && cut_ == cut::none)
        return end_with_connection(to);
    return end_broken(to);
}

conversation_step conversation::refuse_without_answer(failure why, std::size_t used) const {
    auto step = refuse(std::move(why));
    step.used = used;
    if (cut_ == cut::client_gone) step.what = act::leave;
    return step;
}

failure conversation::why_no_answer(receive_outcome outcome) const {
    if (cut_ == cut::upload_failed) return *upload_failure_;
    if (cut_ == cut::drained) return failure(reason::shutting_down);
    if (outcome == receive_outcome::expired) return failure(reason::upstream_timeout);
    return failure(reason::upstream_unreachable, "The AI service closed the connection without an answer.");
}

// The answer -----------------------------------------------------------------------------------------------

conversation_step conversation::begin_answer(http::response_writer& to, const http::response_head& head,
                                             std::string_view bytes, bool is_last) {
    const auto kind = kind_of_answer(head, asked_for_stream_, bytes);
    status_ = head.status;
    body_ = head.body;
    is_reusable_ = head.keeps_alive;
    is_followed_ = kind.is_followed;
    told_by_head_ = told_key_state(head);
    http::response_writer::answer answer;
    answer.status = head.status;
    answer.body = head.body;
    answer.may_be_added_to = kind.is_followed;
    answer.is_last = is_last;
    to.begin(answer);
    auto additions = additions_;
    additions.content_type = kind.content_type;
    additions.is_event_stream = kind.is_event_stream;
    additions.date = wall_now();
    if (!write_client_head(to, head, additions)) return refuse(failure(reason::upstream_invalid));
    auto step = forward(to, bytes, head.size);
    if (is_malformed_) return refuse(failure(reason::upstream_invalid));
    return step;
}

conversation_step conversation::forward(http::response_writer& to, std::string_view bytes,
                                        std::size_t used_before) {
    const auto body = forward_body(body_, bytes, to.body(), is_followed_ ? &events_ : nullptr);
    is_malformed_ = body.is_malformed;
    if (body.was_completed) report_ = {cut_http_status, "ended_without_result"};
    return {act::send, used_before + body.used, false, std::nullopt};
}

conversation_step conversation::on_sent(http::response_writer& to, bool is_sent) {
    if (is_closing_) return {is_sent ? act::finish : act::reset, 0, false, std::nullopt};
    if (!is_sent) cut_ = cut::client_gone;
    if (is_malformed_ || !is_sent) return end_broken(to);
    return {body_.is_finished() ? act::finish : act::receive, 0, false, std::nullopt};
}

// How it ends ----------------------------------------------------------------------------------------------

conversation_step conversation::end_broken(http::response_writer& to) {
    is_reusable_ = false;
    const bool is_client_unfit = cut_ == cut::client_gone || cut_ == cut::upload_failed;
    report_.outcome = cut_ == cut::client_gone ? "client_gone"
                      : cut_ == cut::drained   ? "drained"
                                               : "upstream_gone";
    // A length was promised, a document begun, or a stream that only its own protocol can end: only a reset
    // says that it is not whole. A client that is too slow must not take what it has for the whole either.
    if (is_client_unfit || !is_followed_ || events_.state() == stream_state::not_genkits) {
        if (!is_client_unfit) report_.status = status_of_cut();
        return {act::reset, 0, true, std::nullopt};
    }
    if (events_.state() == stream_state::unfinished) report_.status = cut_http_status;
    return close_stream(to, why_broken());
}

/// In order, by the end of the upstream's connection.
conversation_step conversation::end_with_connection(http::response_writer& to) {
    if (!is_followed_) return {act::finish, 0, true, std::nullopt};
    if (events_.state() == stream_state::unfinished) report_ = {cut_http_status, "ended_without_result"};
    return close_stream(to, ended_without_result);
}

/// What the stream's end takes, if anything, and the end of its framing.
conversation_step conversation::close_stream(http::response_writer& to, std::string_view why) {
    const auto closing = events_.closing(why);
    if (!closing.empty()) to.body().add(closing);
    to.body().end();
    is_closing_ = true;
    return {act::send, 0, true, std::nullopt};
}

std::string_view conversation::why_broken() const noexcept {
    if (cut_ == cut::drained) return "This instance is shutting down.";
    if (is_malformed_) return "The AI service broke the rules of HTTP.";
    if (broken_by_ == receive_outcome::expired) return "The AI service stopped sending.";
    if (body_.is_until_close() && broken_by_ == receive_outcome::ended) return ended_without_result;
    return "The AI service closed the connection before its answer was complete.";
}

unsigned conversation::status_of_cut() const noexcept {
    if (cut_ == cut::drained) return describe(reason::shutting_down).http_status;
    const bool is_late = broken_by_ == receive_outcome::expired;
    return describe(is_late ? reason::upstream_timeout : reason::upstream_unreachable).http_status;
}

conversation::report conversation::told() const noexcept {
    auto all = report_;
    const auto failed = events_.failure();
    if (failed) all.status = failed;
    if (all.outcome.empty()) all.outcome = failed ? "flow_failed" : "complete";
    return all;
}

std::optional<vault::key_state> conversation::key_state() const noexcept {
    const auto told = events_.told_key_state();
    return told ? told : told_by_head_;
}

} // namespace byot::relay
