#include "http/session.hpp"

#include "telemetry/trace_context.hpp"

#include <fmt/format.h>

#include <exception>
#include <new>
#include <typeinfo>

namespace byot::http {
namespace {

constexpr std::chrono::seconds linger_time{2};
/// Room that a body's first bytes find behind the head.
constexpr std::size_t room_behind_head = 512;
/// Room for a chunked body, so that a small one can be at hand whole while the head's views live.
constexpr std::size_t room_for_chunks = 16 * 1024;
constexpr std::size_t largest_buffer = max_head_size + 2 * room_behind_head;

/// Of a head that is refused for its size, so much more is read to find its origin, and for so long.
constexpr std::size_t most_read_for_origin = 256 * 1024;
constexpr std::chrono::milliseconds patience_with_origin{500};

/// Only registered methods are logged as they are: a client may have put anything there.
std::string_view loggable_method(std::string_view method) noexcept {
    for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
        if (method == known) return known;
    }
    return "OTHER";
}

} // namespace

session::session(std::unique_ptr<net::connection> client, const session_settings& with,
                 std::string request_id_prefix)
    : client_(std::move(client)), deadlines_(with.deadlines), cors_(with.cors.get()),
      request_id_prefix_(std::move(request_id_prefix)), exchange_(*client_, deadlines_) {}

task<void> session::end() {
    // Between requests there is no answer that a reset could take away.
    if (client_->is_open() && !is_idle_) co_await client_->linger(client_->home().coarse_now() + linger_time);
    client_->close();
}

// What is left of a body would be read as the next request, whoever forgot it there.
bool session::may_go_on() const noexcept {
    return exchange_.keeps_alive() && exchange_.checked().body.is_finished() && client_->is_open();
}

result<bool> session::scan_head() {
    for (;;) {
        const auto bytes = client_->received();
        const auto scanned = scan_request_head(bytes);
        if (scanned.has_error()) return scanned.error();
        if (!scanned.value()) {
            if (bytes.size() == client_->capacity())
                client_->reserve(std::min(2 * bytes.size(), largest_buffer));
            return false;
        }
        const auto& head = *scanned.value();
        if (bytes.size() == head.size() && client_->capacity() - head.size() < room_behind_head) {
            client_->reserve(head.size() + room_behind_head); // the head moves: scan it where it is now
            continue;
        }
        const auto checked = check_head(head);
        if (checked.has_error()) return checked.error();
        if (checked.value().body.is_chunked() && client_->capacity() < head.size() + room_for_chunks) {
            client_->reserve(head.size() + room_for_chunks); // as above
            continue;
        }
        exchange_.begin(head, checked.value(), steady_now());
        carry_cors(head.value(field::origin));
        start_record();
        ++requests_;
        return true;
    }
}

task<bool> session::read_head() {
    is_idle_ = true;
    client_->shrink();
    const auto& home = client_->home();
    client_->expire_at(home.coarse_now() + (requests_ == 0 ? deadlines_.header : deadlines_.idle));
    for (;;) {
        if (!client_->received().empty()) {
            if (std::exchange(is_idle_, false)) client_->expire_at(home.coarse_now() + deadlines_.header);
            const auto is_whole = scan_head();
            if (is_whole.has_error()) co_await refuse(is_whole.error());
            if (is_whole.has_error() || is_whole.value()) co_return is_whole.has_value();
        }
        const auto outcome = co_await client_->receive();
        if (outcome == net::receive_outcome::arrived) continue;
        if (outcome == net::receive_outcome::expired && !is_idle_)
            co_await refuse(failure(reason::request_timeout));
        co_return false;
    }
}

task<void> session::refuse(failure why) {
    refused_head head;
    client_->consume(head.advance(client_->received()));
    if (why.why() == reason::headers_too_large && cors_) co_await look_for_origin(head);
    client_->consume(client_->received().size());
    exchange_.begin({}, {}, steady_now());
    carry_cors(head.origin());
    start_record();
    exchange_.must_close();
    exchange_.record().method = "OTHER";
    exchange_.record().route = "refused";
    is_refused_ = true;
    co_await exchange_.respond(std::move(why));
}

task<void> session::look_for_origin(refused_head& head) {
    client_->expire_at(client_->home().coarse_now() + patience_with_origin);
    std::size_t read = 0;
    while (head.origin().empty() && !head.is_at_end() && read < most_read_for_origin) {
        const auto outcome = co_await client_->receive();
        if (outcome != net::receive_outcome::arrived) break;
        const auto used = head.advance(client_->received());
        client_->consume(used);
        read += used;
    }
}

void session::carry_cors(std::string_view origin) noexcept {
    if (cors_) exchange_.carry(cors_->fields_for(origin));
}

reason session::note_exception() noexcept {
    try {
        throw;
    } catch (const std::bad_alloc&) {
        return reason::overloaded;
    } catch (const std::exception& error) {
        exchange_.record().outcome = typeid(error).name(); // not its text: that may quote the request
        return reason::internal;
    }
}

bool session::is_answer_due(bool has_failed) noexcept {
    if (has_failed) exchange_.must_close();
    if (exchange_.is_answered()) {
        if (has_failed) client_->reset();
        return false;
    }
    return client_->is_open() || has_failed;
}

void session::start_record() {
    auto& record = exchange_.record();
    record.method = loggable_method(exchange_.head().method());
    record.request_id = fmt::format("{}-{:04x}", request_id_prefix_, requests_);
    record.remote = client_->peer_address();
    const auto& head = exchange_.head();
    if (head.is_repeated(field::traceparent)) return;
    const auto trace = telemetry::parse_traceparent(head.value(field::traceparent));
    if (!trace) return;
    record.trace_id = trace->trace_id;
    record.span_id = trace->span_id;
    record.is_sampled = trace->is_sampled;
}

const telemetry::access_record& session::finish_record() {
    auto& record = exchange_.record();
    record.duration = std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - exchange_.began());
    record.bytes_in = client_->bytes_received() - bytes_in_before_;
    record.bytes_out = client_->bytes_sent() - bytes_out_before_;
    bytes_in_before_ = client_->bytes_received();
    bytes_out_before_ = client_->bytes_sent();
    return record;
}

void session::end_drain() {
    // A request that has been sent is answered, seen or not: its client cannot know that it was not begun.
    const bool is_unused = is_idle_ && !client_->has_waiting_bytes();
    exchange_.drain(); // which may end a session that is used, and this with it
    if (is_unused) client_->interrupt();
}

} // namespace byot::http
