#include "http/client.hpp"

#include "core/encoding.hpp"
#include "http/answer_parser.hpp"
#include "http/beast_text.hpp"
#include "http/characters.hpp"
#include "http/response.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace byot::http {
namespace {

namespace beast = boost::beast::http;

constexpr std::size_t largest_buffer = 64 * 1024;
constexpr std::array<std::string_view, 6> set_here{"host",    "content-length", "transfer-encoding",
                                                   "upgrade", "connection",     "expect"};

std::string_view body_of(const client_request& request) noexcept {
    return request.secret_body ? request.secret_body->expose() : std::string_view(request.body);
}

std::string target_of(const client_request& request) {
    const auto& [where, path, query] = request.address;
    const auto is_sound = [](char c) { return is_visible(c) && c != '#'; };
    if (!path.empty() && path.front() != '/') throw std::logic_error("a path that does not begin with /");
    if (!std::all_of(path.begin(), path.end(), is_sound) ||
        !std::all_of(query.begin(), query.end(), is_sound))
        throw std::logic_error("a character in an address that may not stand there");
    std::string target = path.empty() ? "/" : path;
    if (!query.empty()) target += '?';
    return target + query;
}

void check_own_field(std::string_view name, std::string_view value) {
    check_field(name, value);
    const bool is_ours = std::any_of(set_here.begin(), set_here.end(),
                                     [&](std::string_view ours) { return equals_ignoring_case(name, ours); });
    if (is_ours) throw std::logic_error("a field that the client itself sets: " + std::string(name));
}

// RFC 9110 §8.6: also without a body, where the method gives one a meaning.
bool has_length(const client_request& request) {
    const auto method = beast::string_to_verb(request.method);
    return !body_of(request).empty() || method == beast::verb::post || method == beast::verb::put ||
           method == beast::verb::patch;
}

/// The head, by Beast, whose fields lie on the heap: without those that are secret. Beast checks no text.
std::string public_head(const client_request& request) {
    if (!is_token(request.method)) throw std::logic_error("a method that is no token");
    beast::request<beast::empty_body> head;
    head.version(11);
    head.method_string(request.method);
    head.target(target_of(request));
    head.set(beast::field::host, authority(request.address.origin));
    for (const auto& [name, value] : request.fields) {
        check_own_field(name, value);
        head.insert(name, value);
    }
    if (has_length(request)) head.content_length(body_of(request).size());

    return text_of(head);
}

std::size_t size_of_secret_fields(const client_request& request) {
    std::size_t size = 0;
    for (const auto& [name, scheme, value] : request.secret_fields)
        size += name.size() + scheme.size() + value->size() + std::string_view(": \r\n").size();
    return size;
}

/// The request as it goes over the wire, in locked memory: it may carry a key or a grant. The secret fields
/// come behind Host.
secret request_text(const client_request& request) {
    const auto head = public_head(request);
    const auto first = head.find("\r\n", head.find("\r\n") + 2) + 2;
    secret text(head.size() + size_of_secret_fields(request) + body_of(request).size());
    text.append(std::string_view(head).substr(0, first));
    for (const auto& [name, scheme, value] : request.secret_fields) {
        check_own_field(name, value->expose());
        for (const auto part : {std::string_view(name), std::string_view(": "), scheme, value->expose(),
                                std::string_view("\r\n")})
            text.append(part);
    }
    text.append(std::string_view(head).substr(first));
    text.append(body_of(request));
    return text;
}

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
        request.may_cut_body ? answer_parser::beyond_limit::cut : answer_parser::beyond_limit::wrong;
    answer_parser answer(request.method == "HEAD", request.max_body, beyond);
    for (;;) {
        const auto outcome = co_await peer.receive();
        auto step = answer.advance(peer.received());
        release(peer, step.used);
        if (request.watch_body && step.used > 0) request.watch_body(answer.body());
        if (outcome == net::receive_outcome::ended && answer.ends_with_connection() &&
            step.what == answer_parser::progress::wants_more)
            step.what = answer_parser::progress::whole;
        if (step.what == answer_parser::progress::whole) {
            if (is_sent && answer.keeps_connection()) held.give_back();
            co_return attempt(answer.take());
        }
        if (step.what == answer_parser::progress::wrong) co_return attempt(failure(reason::upstream_invalid));
        if (outcome != net::receive_outcome::arrived)
            co_return give_up(outcome, answer.has_begun(), held.is_reused());
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

void add_secret_field(client_request& request, std::string name, std::string_view scheme,
                      std::string_view value) {
    auto copy = std::make_shared<const secret>(secret::copy_of(value));
    request.secret_fields.push_back({std::move(name), scheme, std::move(copy)});
}

task<result<client_answer>> fetch_on(net::lease& held, client_request request) {
    const auto text = request_text(request);
    auto came = co_await converse(held, request, text.expose());
    co_return std::move(came.answer);
}

task<result<client_answer>> fetch(net::connection_pool& pool, client_request request) {
    const auto text = request_text(request);
    auto leased = co_await pool.acquire(request.address.origin, request.limit);
    if (leased.has_error()) co_return leased.error();
    auto first = co_await converse(*leased, request, text.expose());
    if (!first.was_stale || request.method != "GET") co_return std::move(first.answer);

    drop_idle(pool, request.address.origin);
    auto fresh = co_await pool.acquire(request.address.origin, request.limit);
    if (fresh.has_error()) co_return fresh.error();
    auto second = co_await converse(*fresh, request, text.expose());
    co_return std::move(second.answer);
}

} // namespace byot::http
