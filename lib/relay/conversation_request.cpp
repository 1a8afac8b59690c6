// The request's way upstream.
#include "http/field_lines.hpp"
#include "relay/conversation.hpp"
#include "relay/stream_request.hpp"
#include "relay/wiping_send.hpp"

#include <new>

namespace byot::relay {
namespace {

constexpr std::size_t busy_buffer = 16 * 1024;

/// A stream is asked for by Accept, or by the query as Genkit's servers take it.
bool asks_for_stream(const http::exchange& exchange) noexcept {
    http::field_lines accept(exchange.head(), http::field::accept);
    for (auto line = accept.next(); line; line = accept.next()) {
        if (accepts_event_stream(*line)) return true;
    }
    return query_asks_for_stream(exchange.checked().query);
}

} // namespace

result<std::string_view> conversation::build_request() {
    auto& client = exchange_.client();
    flat_buffer out(exchange_.home().scratch());
    upstream_additions additions;
    additions.api_key = request_.key->text();
    additions.provider = request_.provider;
    additions.who = request_.who;
    additions.request_id = exchange_.record().request_id;
    additions.authorization = request_.authorization;
    additions.stream_id = request_.stream_id;
    additions.serverless_token = request_.serverless_token;
    if (exchange_.body().is_chunked())
        additions.whole_length =
            length_if_whole(exchange_.body(), client.received().substr(exchange_.head().size()));
    if (!write_upstream_head(out, settings_.address, request_.path, exchange_.checked().query,
                             exchange_.head(), exchange_.body(), additions)) {
        return failure(reason::headers_too_large);
    }
    asked_for_stream_ = asks_for_stream(exchange_);
    flow_ = request_.path;
    is_http_1_0_ = exchange_.head().minor_version() == 0;
    exchange_.release_head();

    const auto how = additions.whole_length ? outgoing::plain : outgoing::as_it_came;
    const auto body = forward_body(exchange_.body(), client.received(), how, out, nullptr);
    client.consume(body.used);
    if (body.is_finished) client.shrink(); // it may wait long now, and needs no room
    if (body.is_malformed) {
        exchange_.must_close();
        return failure(reason::request_malformed);
    }
    if (exchange_.body().content_seen() > settings_.max_body) {
        exchange_.must_close();
        return failure(reason::body_too_large);
    }
    return out.view();
}

task<result<void>> conversation::send_request() {
    const auto built = build_request();
    request_.key->give_back(); // a stream may last, and needs no key any more
    if (built.has_error()) {
        // What was written before the fault was met: the key and the token among it.
        const auto scratch = exchange_.home().scratch();
        wipe(scratch.data(), scratch.size());
        upstream_.give_back();
        co_return built.error();
    }
    auto& client = exchange_.client();
    client.never_expire();
    client.watch_peer([this] {
        cut_ = cut::client_gone;
        interrupt_upstream();
    });
    exchange_.when_drained([this] {
        if (cut_ == cut::none) cut_ = cut::drained;
        interrupt_upstream();
    });
    upstream_->expire_at(limit_in(settings_.first_byte));
    wiping_send sending(*upstream_, built.value());
    is_sending_request_ = true;
    // When this fails the upstream may have answered before it closed: what it said is still to be read.
    const bool is_sent = co_await sending;
    if (!is_sent) is_reusable_ = false;
    is_sending_request_ = false;
    if (exchange_.body().is_finished() || cut_ != cut::none) co_return result<void>();
    client.expire_at(limit_of_upload());
    if (exchange_.expects_continue()) {
        const bool is_told = co_await exchange_.send_continue();
        if (!is_told) cut_ = cut::client_gone;
    }
    is_uploading_ = true;
    spawn(upload());
    co_return result<void>();
}

/// Waits for nothing but the client's bytes and room in the upstream's connection, so that `end_upload` can
/// end either wait. Tells `run`, which may end this object, only when it is done itself.
task<void> conversation::upload() {
    try {
        co_await upload_all();
    } catch (const std::bad_alloc&) {
        fail_upload(failure(reason::overloaded));
    }
    // An answer under way has its own limit on the client.
    if (!exchange_.is_answered()) exchange_.client().never_expire();
    is_uploading_ = false;
    if (cut_ != cut::none) interrupt_upstream();
}

task<void> conversation::upload_all() {
    auto& client = exchange_.client();
    for (;;) {
        const bool wants_more = co_await upload_some();
        if (!wants_more) break;
        if (!client.received().empty()) continue;
        client.expire_at(limit_of_upload());
        const auto outcome = co_await client.receive();
        if (outcome == net::receive_outcome::arrived) continue;
        if (outcome == net::receive_outcome::expired) {
            fail_upload(failure(reason::request_timeout));
        } else if (outcome != net::receive_outcome::interrupted) {
            cut_ = cut::client_gone;
        }
        break;
    }
}

task<bool> conversation::upload_some() {
    auto& client = exchange_.client();
    if (cut_ != cut::none || !upstream_) co_return false;
    if (client.received().empty()) co_return !exchange_.body().is_finished();
    if (client.received().size() == client.capacity()) client.reserve(busy_buffer);
    flat_buffer out(exchange_.home().scratch());
    const auto body = forward_body(exchange_.body(), client.received(), outgoing::as_it_came, out, nullptr);
    if (body.is_malformed) {
        fail_upload(failure(reason::request_malformed));
        co_return false;
    }
    if (exchange_.body().content_seen() > settings_.max_body) {
        fail_upload(failure(reason::body_too_large));
        co_return false;
    }
    upstream_->expire_at(limit_in(settings_.first_byte)); // the answer is waited for from the body's end on
    const auto before = exchange_.home().coarse_now();
    wiping_send sending(*upstream_, body.bytes);
    const bool is_sent = co_await sending;
    upload_deadline_.put_off(exchange_.home().coarse_now() - before);
    client.consume(body.used);
    co_return is_sent && !body.is_finished;
}

void conversation::fail_upload(failure why) {
    upload_failure_ = std::move(why);
    cut_ = cut::upload_failed;
    exchange_.must_close();
}

} // namespace byot::relay
