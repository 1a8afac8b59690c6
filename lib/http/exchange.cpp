#include "http/exchange.hpp"

#include <utility>

namespace byot::http {
namespace {

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";
/// Room for a body that comes faster than it goes on.
constexpr std::size_t busy_buffer = 16 * 1024;
constexpr std::size_t discarded_before_answer = 64 * 1024;
/// A client that sends at all has sent so much by then; one that waits for the answer gets it.
constexpr std::chrono::milliseconds patience_before_answer{500};

/// How reading a body went on after one look at the bytes at hand.
enum class body_progress { finished, wants_more, too_large, malformed };

/// Appends the content at hand to `out` and consumes it.
body_progress take_content(net::connection& client, body_framing& body, std::size_t limit, secret& out) {
    for (;;) {
        if (body.is_finished()) return body_progress::finished;
        const auto step = body.next(client.received());
        if (step.what == framing_step::kind::malformed) return body_progress::malformed;
        if (out.size() + step.content.size() > limit) return body_progress::too_large;
        if (out.size() + step.content.size() > out.capacity()) {
            secret larger(std::min(limit, 2 * (out.size() + step.content.size())));
            larger.append(out.expose());
            out = std::move(larger);
        }
        out.append(step.content);
        client.consume(step.used);
        if (step.what == framing_step::kind::need_more) return body_progress::wants_more;
    }
}

failure why_body_ended(net::receive_outcome outcome) {
    if (outcome == net::receive_outcome::expired) return failure(reason::request_timeout);
    return failure(reason::request_malformed, "The connection ended before the body was complete.");
}

} // namespace

void exchange::begin(const request_head& head, const checked_head& checked, steady_time now) {
    head_ = head;
    checked_ = checked;
    began_ = now;
    extra_ = {};
    rate_limits_ = {};
    own_fields_.clear();
    is_head_held_ = true;
    is_answered_ = false;
    if (is_draining_) must_close_ = true;
    is_head_method_ = head.method() == "HEAD";
    record_ = {};
}

void exchange::release_head() noexcept {
    if (!is_head_held_) return;
    is_head_held_ = false;
    client_.consume(head_.size());
}

void exchange::mark_answered(unsigned status) noexcept {
    is_answered_ = true;
    record_.status = status;
}

// What has been promised is kept: after an answer that said nothing of an end, one more request is answered.
void exchange::begin_drain() noexcept {
    is_draining_ = true;
    if (!is_answered_) must_close_ = true;
}

void exchange::drain() {
    is_drained_ = true;
    must_close_ = true;
    tell_drained();
}

void exchange::watch(exchange_watcher& whom) {
    watcher_ = &whom;
    client_.watch_peer([&whom] { whom.on_client_gone(); });
    if (is_drained_) tell_drained();
}

void exchange::unwatch() {
    watcher_ = nullptr;
    client_.watch_peer({});
}

// Taken out first: what it resumes may set another, or end this exchange.
void exchange::tell_drained() {
    if (auto* const whom = std::exchange(watcher_, nullptr)) whom->on_drained();
}

std::string_view exchange::body_bytes() {
    if (is_head_held_) return client_.received().substr(head_.size());
    if (!has_room_for_body()) client_.reserve(busy_buffer);
    return client_.received();
}

void exchange::consume_body(std::size_t count) noexcept {
    client_.consume(count);
    if (checked_.body.is_finished()) client_.shrink(); // the answer may be long, and needs no room here
}

net::connection::receive_awaiter exchange::receive_body(steady_time limit) noexcept {
    client_.expire_at(limit);
    return client_.receive();
}

task<bool> exchange::send_continue() {
    checked_.expects_continue = false;
    client_.expire_at(home().coarse_now() + deadlines_.body);
    co_return co_await client_.send(continue_line);
}

task<result<secret>> exchange::read_body(std::size_t limit) {
    if (checked_.body.length().value_or(0) > limit) {
        must_close();
        co_return failure(reason::body_too_large);
    }
    release_head();
    secret content(std::min<std::size_t>(limit, checked_.body.length().value_or(1024) + 1));
    client_.expire_at(home().coarse_now() + deadlines_.body);
    for (;;) {
        const auto progress = take_content(client_, checked_.body, limit, content);
        if (progress == body_progress::finished) co_return std::move(content);
        if (progress != body_progress::wants_more) {
            must_close();
            co_return failure(progress == body_progress::too_large ? reason::body_too_large
                                                                   : reason::request_malformed);
        }
        if (checked_.expects_continue) {
            const bool is_sent = co_await send_continue();
            if (!is_sent) co_return failure(reason::request_malformed);
        }
        const auto outcome = co_await client_.receive();
        if (outcome != net::receive_outcome::arrived) {
            must_close();
            co_return why_body_ended(outcome);
        }
    }
}

task<exchange::discard_outcome> exchange::discard_body(std::size_t most) {
    release_head();
    const auto before = checked_.body.content_seen();
    if (checked_.body.length().value_or(0) > before + most) co_return discard_outcome::too_long;
    client_.expire_at(steady_now() + patience_before_answer);
    for (;;) {
        if (checked_.body.is_finished()) co_return discard_outcome::finished;
        const auto step = checked_.body.next(client_.received());
        client_.consume(step.used);
        if (step.what == framing_step::kind::malformed) co_return discard_outcome::malformed;
        if (checked_.body.content_seen() - before > most) co_return discard_outcome::too_long;
        if (step.what != framing_step::kind::need_more) continue;
        const auto outcome = co_await client_.receive();
        if (outcome != net::receive_outcome::arrived) co_return discard_outcome::gone;
    }
}

task<void> exchange::respond(response answer) {
    // A client that waits for leave to send its body gets the answer instead of the leave.
    if (checked_.expects_continue && !checked_.body.is_finished()) {
        must_close();
    } else if (!must_close_) {
        const auto discarded = co_await discard_body(discarded_before_answer);
        if (discarded != discard_outcome::finished) must_close();
        if (discarded == discard_outcome::malformed) {
            record_.reason = describe(reason::request_malformed).name;
            answer = respond_to_failure(failure(reason::request_malformed), record_.request_id);
        }
    }
    co_await write(std::move(answer));
}

task<void> exchange::respond(failure why) {
    // What it waited for was ended with the process: that is no fault of the store's, say.
    if (is_drained_ && describe(why.why()).http_status >= 500) why = failure(reason::shutting_down);
    record_.reason = describe(why.why()).name;
    auto answer = respond_to_failure(why, record_.request_id);
    co_await respond(std::move(answer));
}

task<void> exchange::write(response answer) {
    release_head();
    if (client_.is_peer_gone()) {
        mark_answered(answer.status);
        record_.outcome = "client_gone";
        must_close();
        client_.close();
        co_return;
    }
    response_frame frame;
    frame.keeps_alive = keeps_alive();
    frame.is_head = is_head_method_;
    frame.date = wall_now();
    frame.request_id = record_.request_id;
    frame.extra = extra_;
    const rate_limit_fields limits(rate_limits_);
    frame.rate_limits = limits.lines();
    for (auto& each : own_fields_) answer.fields.push_back(std::move(each));
    own_fields_.clear();
    const auto bytes = serialize(answer, frame);
    mark_answered(answer.status);
    client_.expire_at(home().coarse_now() + deadlines_.body);
    const bool is_sent = co_await client_.send(bytes);
    if (is_sent) co_return;
    must_close();
    client_.reset(); // a part of it is out, which an end in order would make a whole
}

} // namespace byot::http
