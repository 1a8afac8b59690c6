#include "http/client.hpp"

#include "core/encoding.hpp"
#include "http/answer_assembly.hpp"
#include "http/client_request_text.hpp"

namespace byot::http {
namespace {

constexpr std::size_t largest_buffer = 64 * 1024;

/// What came of one sending.
struct attempt {
    explicit attempt(client_answer got) : answer(std::move(got)) {}
    explicit attempt(failure why, bool was_stale_ = false) : answer(std::move(why)), was_stale(was_stale_) {}

    result<client_answer> answer;
    bool was_stale = false; ///< the connection was an old one and died before any answer
};

/// Consumes what was used; a buffer that was full is made larger, so that long answers need fewer reads.
void release(net::connection& peer, std::size_t used) {
    const bool was_full = peer.received().size() == peer.capacity();
    peer.consume(used);
    if (was_full && peer.capacity() < largest_buffer) peer.reserve(2 * peer.capacity());
}

attempt give_up(net::receive_outcome outcome, bool has_begun, bool is_reused) {
    if (outcome == net::receive_outcome::expired) return attempt(failure(reason::upstream_timeout));
    if (has_begun)
        return attempt(failure(reason::upstream_invalid, "The connection ended before its answer did."));
    return attempt(failure(reason::upstream_unreachable, "The connection ended without an answer."),
                   is_reused);
}

/// Sends the text and reads the answer. An answer may come, and end the connection, before all was sent.
task<attempt> converse(net::lease& held, const client_request& request, std::string_view text) {
    auto& peer = *held;
    if (request.may_be_sent && !request.may_be_sent()) {
        held.give_back();
        co_return attempt(failure(reason::upstream_unreachable, "What was to be sent was withdrawn."));
    }
    peer.expire_at(request.limit);
    const bool is_sent = co_await peer.send(text);
    const auto beyond =
        request.may_cut_body ? answer_assembly::beyond_limit::cut : answer_assembly::beyond_limit::wrong;
    answer_assembly assembly(request.method == "HEAD", request.max_body, beyond);
    for (;;) {
        const auto outcome = co_await peer.receive();
        auto step = assembly.advance(peer.received());
        release(peer, step.used);
        if (request.watch_body && step.used > 0) request.watch_body(assembly.body());
        if (outcome == net::receive_outcome::ended && assembly.ends_with_connection() &&
            step.what == answer_assembly::progress::wants_more)
            step.what = answer_assembly::progress::whole;
        if (step.what == answer_assembly::progress::whole) {
            if (is_sent && assembly.keeps_connection()) held.give_back();
            co_return attempt(assembly.take());
        }
        if (step.what == answer_assembly::progress::wrong)
            co_return attempt(failure(reason::upstream_invalid));
        if (outcome != net::receive_outcome::arrived)
            co_return give_up(outcome, assembly.has_begun(), held.is_reused());
    }
}

/// Where one idle connection was dead the others are likely to be.
void drop_idle(net::connection_pool& pool, const origin& where) {
    while (const auto idle = pool.take_idle(where)) {
    }
}

} // namespace

std::string_view client_answer::field(std::string_view name) const noexcept {
    for (const auto& [key, value] : fields) {
        if (equals_ignoring_case(key, name)) return value;
    }
    return {};
}

task<result<client_answer>> fetch_on(net::lease& held, client_request request) {
    const client_request_text text(request);
    auto came = co_await converse(held, request, text.view());
    co_return std::move(came.answer);
}

task<result<client_answer>> fetch(net::connection_pool& pool, client_request request) {
    const client_request_text text(request);
    auto leased = co_await pool.acquire(request.address.origin, request.limit);
    if (leased.has_error()) co_return leased.error();
    auto first = co_await converse(*leased, request, text.view());
    if (!first.was_stale || request.method != "GET") co_return std::move(first.answer);

    drop_idle(pool, request.address.origin);
    auto fresh = co_await pool.acquire(request.address.origin, request.limit);
    if (fresh.has_error()) co_return fresh.error();
    auto second = co_await converse(*fresh, request, text.view());
    co_return std::move(second.answer);
}

} // namespace byot::http
