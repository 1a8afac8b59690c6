// The answer's way to the client.
#include "relay/conversation.hpp"

#include "core/clock.hpp"
#include "relay/wiping_send.hpp"

namespace byot::relay {
namespace {

using net::receive_outcome;

constexpr std::size_t busy_buffer = 16 * 1024;
/// More of them before an answer are a way to be waited for without an end: each is news, so no deadline is
/// met.
constexpr unsigned most_interim_answers = 16;

} // namespace

conversation::conversation(http::exchange& exchange, const relay_request& request,
                           const relay_settings& settings, const vault::live_keyring& keyring,
                           net::lease upstream)
    : exchange_(exchange), request_(request), settings_(settings), keyring_(keyring),
      upstream_(std::move(upstream)), upload_deadline_(settings.client_body) {}

steady_time conversation::limit_in(std::chrono::milliseconds wait) const {
    return std::min(exchange_.home().coarse_now() + wait, exchange_.began() + settings_.request);
}

steady_time conversation::limit_of_upload() {
    const auto deadline =
        upload_deadline_.after(exchange_.body().content_seen(), exchange_.home().coarse_now());
    return std::min(deadline, exchange_.began() + settings_.request);
}

bool conversation::is_client_gone() const noexcept {
    return cut_ == cut::client_gone;
}

task<result<relay_answer>> conversation::run() {
    const auto sent = co_await send_request();
    if (sent.has_error()) co_return sent.error();
    auto head = co_await receive_head();
    if (head.has_error()) {
        end_upload();
        drop_upstream();
        if (is_client_gone()) {
            exchange_.record().outcome = "client_gone";
            exchange_.must_close();
            exchange_.client().close();
            co_return relay_answer();
        }
        co_return head.error();
    }
    relay_answer told;
    told.key_state = told_key_state(head.value());
    const auto answered = co_await answer(head.value());
    end_upload();
    if (answered.has_error()) co_return answered.error();
    if (const auto state = events_.told_key_state()) told.key_state = state;
    finish();
    co_return told;
}

task<result<http::response_head>> conversation::receive_head() {
    for (unsigned interim = 0; interim <= most_interim_answers;) {
        const auto bytes = upstream_->received();
        std::optional<http::response_head> without_content;
        if (!bytes.empty()) {
            auto scanned = http::scan_response_head(bytes);
            if (scanned.has_error()) co_return scanned.error();
            if (const auto& head = scanned.value()) {
                const bool is_final = head->status >= 200;
                const auto body = bytes.substr(head->size);
                if (is_final && !is_content_due(*head, asked_for_stream_, body)) co_return *head;
                if (!is_final) {
                    upstream_->consume(head->size);
                    ++interim;
                    continue;
                }
                without_content = *head;
            }
            if (bytes.size() == upstream_->capacity()) upstream_->reserve(2 * bytes.size());
        }
        const auto outcome = co_await upstream_->receive();
        if (outcome == receive_outcome::arrived) continue;
        const bool is_empty = without_content && without_content->body.is_until_close();
        if (is_empty && outcome == receive_outcome::ended) co_return *without_content;
        co_return why_no_answer(outcome);
    }
    co_return failure(reason::upstream_invalid);
}

failure conversation::why_no_answer(receive_outcome outcome) const {
    if (cut_ == cut::upload_failed) return *upload_failure_;
    if (cut_ == cut::drained) return failure(reason::shutting_down);
    if (outcome == receive_outcome::expired) return failure(reason::upstream_timeout);
    return failure(reason::upstream_unreachable, "The AI service closed the connection without an answer.");
}

result<void> conversation::prepare_answer(const http::response_head& head) {
    body_ = head.body;
    is_reusable_ = head.keeps_alive;
    kind_ = kind_of_answer(head, asked_for_stream_, upstream_->received().substr(head.size));
    if (body_.is_until_close()) {
        framing_ = answer_framing::until_close;
        how_ = outgoing::plain;
    } else if (body_.is_chunked() || kind_.is_followed) {
        framing_ = is_http_1_0_ ? answer_framing::until_close : answer_framing::chunked;
        how_ = is_http_1_0_ ? outgoing::plain : outgoing::chunked;
    } else {
        framing_ = head.status == 204 || head.status == 304 ? answer_framing::none : answer_framing::length;
    }
    const bool is_early = is_uploading_ || !exchange_.body().is_finished();
    if (framing_ == answer_framing::until_close || is_early) exchange_.must_close();
    auto& record = exchange_.record();
    const auto waited = steady_now() - exchange_.began();
    record.first_byte = std::chrono::duration_cast<std::chrono::microseconds>(waited);
    // A path that the upstream knows is a flow's name; any other may be whatever a client typed.
    if (head.status != 404) record.flow = std::move(flow_);
    return {};
}

bool conversation::write_head(flat_buffer& out, const http::response_head& head) {
    const http::rate_limit_fields rate_limits(exchange_.rate_limits());
    answer_additions additions;
    additions.keyring = &keyring_;
    additions.who = request_.who;
    additions.provider = request_.provider;
    additions.credential_id = request_.key->credential_id();
    additions.request_id = exchange_.record().request_id;
    additions.carried = exchange_.carried();
    additions.rate_limits = rate_limits.lines();
    additions.content_type = kind_.content_type;
    additions.is_event_stream = kind_.is_event_stream;
    additions.framing = framing_;
    additions.length = body_.length().value_or(0);
    additions.keeps_alive = exchange_.keeps_alive();
    additions.date = wall_now();
    return write_client_head(out, head, additions);
}

task<result<void>> conversation::answer(http::response_head head) {
    const auto prepared = prepare_answer(head);
    if (prepared.has_error()) co_return prepared.error();
    bool is_first = true;
    for (;;) {
        flat_buffer out(exchange_.home().scratch());
        if (is_first && !write_head(out, head)) co_return failure(reason::upstream_invalid);
        const auto bytes = upstream_->received().substr(is_first ? head.size : 0);
        const auto body = forward_body(body_, bytes, how_, out, kind_.is_followed ? &events_ : nullptr);
        if (is_first && body.is_malformed) co_return failure(reason::upstream_invalid);
        if (is_first) exchange_.mark_answered(head.status);
        const auto to_send = body.bytes.empty() ? out.view() : body.bytes;
        bool is_sent = true;
        if (!to_send.empty()) is_sent = co_await send_to_client(to_send);
        upstream_->consume(body.used + (is_first ? head.size : 0));
        is_first = false;
        if (body.was_completed) fail_with(cut_http_status, "ended_without_result");
        if (!is_sent) cut_ = cut::client_gone;
        if (body.is_malformed || !is_sent) {
            is_malformed_ = body.is_malformed;
            co_await end_broken();
            break;
        }
        if (body_.is_finished()) break;
        const bool has_more = co_await receive_more();
        if (!has_more) break;
    }
    co_return result<void>();
}

task<bool> conversation::receive_more() {
    auto& upstream = *upstream_;
    if (upstream.received().empty() && upstream.capacity() > busy_buffer) upstream.shrink();
    upstream.expire_at(limit_in(settings_.stream_idle));
    exchange_.client().never_expire();
    const auto outcome = co_await upstream.receive();
    if (outcome == receive_outcome::arrived) {
        if (upstream.received().size() == upstream.capacity()) upstream.reserve(busy_buffer);
        co_return true;
    }
    is_reusable_ = false;
    broken_by_ = outcome;
    if (body_.is_until_close() && outcome == receive_outcome::ended && cut_ == cut::none) {
        co_await end_with_connection();
        co_return false;
    }
    co_await end_broken();
    co_return false;
}

task<bool> conversation::send_to_client(std::string_view bytes) {
    exchange_.client().expire_at(limit_in(settings_.stream_idle));
    wiping_send sending(exchange_.client(), bytes); // an upstream may say back what it was sent
    co_return co_await sending;
}

} // namespace byot::relay
