#include "relay/transfer.hpp"

#include "http/request_head.hpp"

#include <new>

namespace byot::relay {
namespace {

using net::receive_outcome;

/// Room for an upstream that sends faster than its answer goes on, in bytes.
constexpr std::size_t busy_buffer = 16 * 1024;

/// A stream is asked for by Accept, or by the query as Genkit's servers take it.
bool asks_for_stream(const http::exchange& exchange) noexcept {
    http::field_lines accept(exchange.head(), http::field::accept);
    for (auto line = accept.next(); line; line = accept.next()) {
        if (accepts_event_stream(*line)) return true;
    }
    return query_asks_for_stream(exchange.checked().query);
}

answer_additions additions_of(http::exchange& exchange, const relay_request& request,
                              const vault::live_keyring& keyring) {
    answer_additions additions;
    additions.keyring = &keyring;
    additions.who = request.who;
    additions.provider = request.provider;
    additions.credential_id = request.key->credential_id();
    additions.request_id = exchange.record().request_id;
    additions.carried = exchange.carried();
    additions.rate_limits = exchange.rate_limits();
    return additions;
}

/// Wipes the reactor's scratch memory, whatever way it is left, unless what is in it was handed on.
class wiped_scratch {
public:
    explicit wiped_scratch(std::span<char> of) noexcept : of_(of) {}
    wiped_scratch(const wiped_scratch&) = delete;
    wiped_scratch& operator=(const wiped_scratch&) = delete;
    ~wiped_scratch() { wipe(of_.data(), of_.size()); }

    void hand_on() noexcept { of_ = {}; }

private:
    std::span<char> of_;
};

} // namespace

transfer::transfer(http::exchange& exchange, const relay_request& request, const relay_settings& settings,
                   const vault::live_keyring& keyring, net::lease upstream)
    : exchange_(exchange), request_(request), settings_(settings), upstream_(std::move(upstream)),
      client_(exchange), additions_(additions_of(exchange, request, keyring)),
      talk_(additions_, asks_for_stream(exchange)), upload_(exchange.body(), settings.max_body),
      upload_deadline_(settings.client_body) {}

transfer::~transfer() {
    client_.unwatch();
    end_upload();
}

// The request's way upstream -------------------------------------------------------------------------------

bool transfer::write_head(http::body_writer& out, std::optional<std::uint64_t> whole_length) {
    upstream_additions additions;
    additions.api_key = request_.key->text();
    additions.provider = request_.provider;
    additions.who = request_.who;
    additions.request_id = exchange_.record().request_id;
    additions.authorization = request_.authorization;
    additions.stream_id = request_.stream_id;
    additions.serverless_token = request_.serverless_token;
    additions.traceparent = request_.traceparent;
    additions.whole_length = whole_length;
    return write_upstream_head(out.head(), settings_.address, request_.path, exchange_.checked().query,
                               exchange_.head(), exchange_.body(), additions);
}

result<std::string_view> transfer::write_request() {
    std::optional<std::uint64_t> whole_length;
    const bool is_chunked = exchange_.body().is_chunked();
    if (is_chunked) whole_length = http::length_if_whole(exchange_.body(), exchange_.body_bytes());
    http::body_writer out(exchange_.home().scratch(), !is_chunked    ? http::body_form::length
                                                      : whole_length ? http::body_form::plain
                                                                     : http::body_form::chunked);
    wiped_scratch scratch(exchange_.home().scratch()); // the key and the token are among what is written
    upload_step step;
    if (!write_head(out, whole_length)) {
        step.why = failure(reason::headers_too_large);
    } else {
        flow_ = request_.path;
        exchange_.release_head();
        step = upload_.on_bytes(out, exchange_.body_bytes());
        if (step.why) exchange_.must_close();
        exchange_.consume_body(step.used);
    }
    request_.key->give_back(); // a stream may last, and needs no key any more
    if (step.why) {
        upstream_.give_back();
        return *step.why;
    }
    scratch.hand_on(); // to the send that wipes it
    return step.bytes;
}

http::wiping_send transfer::send_request(std::string_view bytes) {
    client_.pause();
    is_sending_request_ = true; // before the watch, which may tell at once
    client_.watch(*this);
    upstream_->expire_at(limit_in(settings_.first_byte));
    return {*upstream_, bytes};
}

// When it failed the upstream may have answered before it closed: what it said is still to be read.
void transfer::on_request_sent() noexcept {
    is_sending_request_ = false;
}

void transfer::on_continue_sent(bool is_sent) noexcept {
    if (!is_sent) talk_.on_client_gone();
}

void transfer::begin_upload() {
    auto work = run_upload();
    is_uploading_ = true;
    try {
        spawn(std::move(work));
    } catch (const std::bad_alloc&) { // it never began: nobody waits who could be told of its end
        is_uploading_ = false;
        throw;
    }
}

/// Waits for nothing but the client's bytes and room in the upstream's connection, so that `end_upload` can
/// end either wait. Tells `carry`, which may end this object, only when it is done itself.
task<void> transfer::run_upload() {
    try {
        auto next = next_of_upload();
        while (next.what == upload_step::act::receive || next.what == upload_step::act::send) {
            if (next.what == upload_step::act::receive) {
                const auto outcome = co_await receive_upload();
                next = outcome == receive_outcome::arrived ? next_of_upload() : upload_.on_end(outcome);
                continue;
            }
            upstream_->expire_at(limit_in(settings_.first_byte)); // waited for from the body's end on
            const auto before = now();
            http::wiping_send sending(*upstream_, next.bytes);
            const bool is_sent = co_await sending;
            upload_deadline_.put_off(now() - before);
            exchange_.consume_body(next.used);
            next = is_sent ? next_of_upload() : upload_.on_end(receive_outcome::interrupted);
        }
        end_of_upload(std::move(next));
    } catch (const std::bad_alloc&) {
        fail_upload(failure(reason::overloaded));
    }
    // An answer under way has its own limit on the client.
    if (!exchange_.is_answered()) exchange_.stop_waiting();
    is_uploading_ = false;
    if (talk_.is_cut()) interrupt_upstream();
}

upload_step transfer::next_of_upload() {
    upload_step step;
    step.what = upload_step::act::finish;
    if (talk_.is_cut() || !upstream_ || exchange_.body().is_finished()) return step;
    const auto bytes = exchange_.body_bytes();
    if (bytes.empty()) {
        step.what = upload_step::act::receive;
        return step;
    }
    const auto form = exchange_.body().is_chunked() ? http::body_form::chunked : http::body_form::length;
    http::body_writer out(exchange_.home().scratch(), form);
    return upload_.on_bytes(out, bytes);
}

net::connection::receive_awaiter transfer::receive_upload() {
    const auto deadline = upload_deadline_.after(exchange_.body().content_seen(), now());
    return exchange_.receive_body(std::min(deadline, exchange_.began() + settings_.request));
}

void transfer::end_of_upload(upload_step last) {
    if (last.what == upload_step::act::fail) fail_upload(std::move(*last.why));
    if (last.what == upload_step::act::leave) talk_.on_client_gone();
}

void transfer::fail_upload(failure why) {
    talk_.on_upload_failed(std::move(why));
    exchange_.must_close();
}

void transfer::end_upload() noexcept {
    if (!is_uploading_) return;
    exchange_.must_close();
    drop_upstream();
    if (is_uploading_) exchange_.interrupt_body();
}

// The answer's way back ------------------------------------------------------------------------------------

net::connection::receive_awaiter transfer::receive(const conversation_step& step) {
    auto& upstream = *upstream_;
    upstream.consume(step.used);
    const auto waiting = upstream.received().size();
    if (talk_.status() != 0) {
        if (waiting == 0 && upstream.capacity() > busy_buffer) upstream.shrink();
        upstream.expire_at(limit_in(settings_.stream_idle));
        client_.pause();
    } else if (waiting == upstream.capacity()) {
        upstream.reserve(2 * waiting);
    }
    return upstream.receive();
}

conversation_step transfer::on_received(receive_outcome outcome) {
    auto& upstream = *upstream_;
    auto& to = client_.open();
    if (outcome != receive_outcome::arrived) {
        auto step = talk_.on_end(to, outcome, upstream.received(), is_last());
        note_head();
        return step;
    }
    if (talk_.status() != 0 && upstream.received().size() == upstream.capacity())
        upstream.reserve(busy_buffer);
    auto step = talk_.on_bytes(to, upstream.received(), is_last());
    note_head();
    return step;
}

conversation_step transfer::on_sent(const conversation_step& step, bool is_sent) {
    if (upstream_) upstream_->consume(step.used);
    return talk_.on_sent(client_.open(), is_sent);
}

/// An answer that is there before the request was through is the connection's last.
bool transfer::is_last() noexcept {
    return !exchange_.keeps_alive() || is_uploading_ || !exchange_.body().is_finished();
}

void transfer::note_head() {
    if (is_head_noted_ || talk_.status() == 0) return;
    is_head_noted_ = true;
    auto& record = exchange_.record();
    const auto waited = steady_now() - exchange_.began();
    record.first_byte = std::chrono::duration_cast<std::chrono::microseconds>(waited);
    // A path that the upstream knows is a flow's name; any other may be whatever a client typed.
    if (talk_.status() != 404) record.flow = std::move(flow_);
}

result<relay_answer> transfer::end(conversation_step step) {
    using act = conversation_step::act;
    end_upload();
    if (step.what == act::refuse) {
        const wiped_scratch unsent(exchange_.home().scratch()); // an upstream may say back what it was sent
        if (client_.writer().is_last()) exchange_.must_close();
        return std::move(*step.why);
    }
    if (step.what == act::leave) {
        client_.leave();
        return relay_answer();
    }
    if (step.what == act::reset) client_.reset();
    return finish();
}

relay_answer transfer::finish() {
    auto& record = exchange_.record();
    const auto told = talk_.told();
    if (told.status) record.status = *told.status;
    record.outcome = told.outcome;
    const bool is_clean = talk_.leaves_upstream_reusable() && exchange_.body().is_finished();
    if (upstream_ && is_clean) {
        upstream_->never_expire();
        upstream_.give_back();
    }
    drop_upstream();
    relay_answer answer;
    answer.key_state = talk_.key_state();
    return answer;
}

// What cuts it short ---------------------------------------------------------------------------------------

void transfer::on_client_gone() {
    talk_.on_client_gone();
    interrupt_upstream();
}

void transfer::on_drained() {
    talk_.on_drained();
    interrupt_upstream();
}

void transfer::end_upstream() noexcept {
    if (is_uploading_) exchange_.must_close();
    drop_upstream();
}

void transfer::drop_upstream() noexcept {
    if (!upstream_) return;
    upstream_->close();
    upstream_.close();
}

void transfer::interrupt_upstream() {
    if (!upstream_) return;
    if (is_sending_request_) {
        upstream_->close(); // an interrupted connection would go on sending
    } else {
        upstream_->interrupt();
    }
}

} // namespace byot::relay
