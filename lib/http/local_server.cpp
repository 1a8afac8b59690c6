#include "http/local_server.hpp"

#include "core/encoding.hpp"
#include "core/secret.hpp"
#include "http/beast_text.hpp"
#include "http/body_framing.hpp"
#include "http/request_head.hpp"

#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <exception>
#include <memory_resource>
#include <new>
#include <optional>

namespace byot::http {
namespace {

namespace beast = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t most_connections = 1024;
constexpr std::size_t largest_buffer = 2 * max_head_size;
/// For the fields of a head and what Beast keeps beside each.
constexpr std::size_t room_for_fields = 2 * max_head_size;
constexpr std::chrono::seconds head_time{10};
constexpr std::chrono::seconds body_time{30};
constexpr std::chrono::seconds idle_time{75};
constexpr std::chrono::seconds write_time{10};
constexpr std::chrono::seconds linger_time{1};
constexpr std::chrono::seconds closing_time{1};
constexpr std::chrono::milliseconds drain_step{5};

/// Beast's parser with the request's fields in locked memory: one may be a key.
class request_reading {
public:
    using allocator = std::pmr::polymorphic_allocator<char>;
    using parser = beast::request_parser<beast::string_body, allocator>;

    explicit request_reading(std::size_t max_body)
        : memory_(room_for_fields), arena_(whole(memory_), room_for_fields, std::pmr::null_memory_resource()),
          parser_(std::piecewise_construct, std::make_tuple(), std::make_tuple(allocator(&arena_))) {
        parser_.header_limit(max_head_size);
        parser_.body_limit(max_body);
        parser_.eager(true);
    }

    const parser& get() const noexcept { return parser_; }
    const parser::value_type& message() const noexcept { return parser_.get(); }

    /// Gives the bytes that are done with. Throws std::bad_alloc when the fields need more room.
    std::size_t put(std::string_view bytes, error_code& error) {
        // No body in chunks ends within less, and Beast must not be shown its last chunk's line twice.
        if (parser_.is_header_done() && parser_.chunked() && bytes.size() < 5) return 0;
        const auto used = parser_.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
        if (error == beast::error::need_more) error = {};
        return used;
    }
    /// What a server refuses and Beast does not (RFC 9112 §3.2, §6.1).
    bool is_sound() const {
        const auto& head = message().base();
        const auto codings = head.count(beast::field::transfer_encoding);
        if (codings > 1 || (codings == 1 && !is_chunked_coding(view(head[beast::field::transfer_encoding]))))
            return false;
        return head.version() == 10 || head.count(beast::field::host) == 1;
    }
    bool expects_continue() const {
        return parser_.is_header_done() && !parser_.is_done() &&
               boost::beast::iequals(message()[beast::field::expect], "100-continue");
    }

private:
    static void* whole(secret& memory) noexcept {
        memory.resize(memory.capacity());
        return memory.expose_writable().data();
    }

    secret memory_;
    std::pmr::monotonic_buffer_resource arena_;
    parser parser_;
};

reason reason_of(const error_code& error) {
    if (error == beast::error::header_limit) return reason::headers_too_large;
    if (error == beast::error::body_limit) return reason::body_too_large;
    return reason::request_malformed;
}

} // namespace

struct local_exchange::state {
    state(net::connection& client_, std::size_t max_body)
        : client(client_), reading(max_body), request_id(random_alphanumeric(12)) {}

    beast::response<beast::empty_body> begin(unsigned status, std::string_view content_type);
    task<bool> send(std::string text);

    net::connection& client;
    request_reading reading;
    std::string request_id;
    std::string head_of_stream; ///< until it went out
    bool is_answered = false;
    bool must_close = false;
};

/// What every answer begins with.
beast::response<beast::empty_body> local_exchange::state::begin(unsigned status,
                                                                std::string_view content_type) {
    is_answered = true;
    must_close = must_close || !reading.get().is_done() || !reading.get().keep_alive();
    beast::response<beast::empty_body> head(beast::int_to_status(status), 11);
    head.reason(reason_phrase(status));
    head.set(beast::field::date, format_http_date(wall_now()));
    head.set(beast::field::content_type, content_type);
    head.set("X-Content-Type-Options", "nosniff");
    head.set("x-request-id", request_id);
    if (must_close) head.set(beast::field::connection, "close");
    return head;
}

task<bool> local_exchange::state::send(std::string text) {
    client.expire_at(client.home().coarse_now() + write_time);
    const bool is_sent = co_await client.send(text);
    must_close = must_close || !is_sent;
    co_return is_sent;
}

std::string_view local_exchange::method() const noexcept {
    return view(state_.reading.message().method_string());
}

std::string_view local_exchange::path() const noexcept {
    const auto target = view(state_.reading.message().target());
    return target.substr(0, target.find('?'));
}

std::string_view local_exchange::field(std::string_view name) const {
    return view(state_.reading.message()[boost::beast::string_view(name.data(), name.size())]);
}

std::string_view local_exchange::body() const noexcept {
    return state_.reading.message().body();
}

net::reactor& local_exchange::home() const noexcept {
    return state_.client.home();
}

task<void> local_exchange::respond(response answer) {
    auto message = state_.begin(answer.status, answer.content_type);
    for (const auto& [name, value] : answer.fields) message.set(name, value);
    message.content_length(answer.body.size());
    auto text = text_of(message);
    if (state_.reading.message().method() != beast::verb::head) text += answer.body;
    co_await state_.send(std::move(text));
}

task<void> local_exchange::respond(failure why) {
    co_await respond(respond_to_failure(why, state_.request_id));
}

void local_exchange::begin_stream(std::string_view content_type) {
    auto message = state_.begin(200, content_type);
    message.chunked(true);
    state_.head_of_stream = text_of(message);
}

task<bool> local_exchange::write(std::string_view content) {
    auto text = std::exchange(state_.head_of_stream, {});
    append_buffers(text, beast::make_chunk(boost::asio::buffer(content.data(), content.size())));
    const bool is_sent = co_await state_.send(std::move(text));
    co_return is_sent;
}

task<void> local_exchange::finish(std::string_view content) {
    auto text = std::exchange(state_.head_of_stream, {});
    append_buffers(text, beast::make_chunk(boost::asio::buffer(content.data(), content.size())));
    append_buffers(text, beast::make_chunk_last());
    co_await state_.send(std::move(text));
}

struct local_server::session {
    explicit session(std::unique_ptr<net::connection> client_) noexcept : client(std::move(client_)) {}

    /// Waits for a request's first byte; false when the connection is done with.
    task<bool> wait();
    /// Reads one request. Nothing when the connection is done with, a failure when it is none.
    task<std::optional<result<void>>> read(local_exchange::state& into);

    std::unique_ptr<net::connection> client;
    bool is_idle = true;
};

task<bool> local_server::session::wait() {
    is_idle = client->received().empty();
    client->expire_at(client->home().coarse_now() + (is_idle ? idle_time : head_time));
    if (!is_idle) co_return true;
    const auto outcome = co_await client->receive();
    if (outcome != net::receive_outcome::arrived) co_return false;
    is_idle = false;
    client->expire_at(client->home().coarse_now() + head_time);
    co_return true;
}

task<std::optional<result<void>>> local_server::session::read(local_exchange::state& into) {
    auto& reading = into.reading;
    const auto& home = client->home();
    bool was_head_done = false;
    for (;;) {
        error_code error;
        client->consume(reading.put(client->received(), error));
        if (error) co_return failure(reason_of(error));
        if (reading.get().is_done()) break;
        if (client->received().size() == client->capacity()) {
            if (client->capacity() >= largest_buffer) co_return failure(reason::request_malformed);
            client->reserve(2 * client->capacity());
        }
        if (reading.get().is_header_done() && !std::exchange(was_head_done, true)) {
            client->expire_at(home.coarse_now() + body_time);
            if (reading.expects_continue()) co_await client->send("HTTP/1.1 100 Continue\r\n\r\n");
        }
        const auto outcome = co_await client->receive();
        if (outcome == net::receive_outcome::expired) co_return failure(reason::request_timeout);
        if (outcome != net::receive_outcome::arrived) co_return std::nullopt;
    }
    if (!reading.is_sound()) co_return failure(reason::request_malformed);
    co_return result<void>();
}

local_server::local_server(net::reactor& home, std::uint16_t port, std::size_t max_body,
                           local_service& service)
    : home_(home), service_(service), max_body_(max_body), listener_(home, "127.0.0.1", port) {}

local_server::~local_server() = default;

void local_server::start() {
    home_.post([this] {
        listener_.start([this](std::unique_ptr<net::connection> client) { accept(std::move(client)); });
    });
}

void local_server::accept(std::unique_ptr<net::connection> client) {
    if (sessions_.size() >= most_connections) {
        client->reset();
        return;
    }
    try {
        sessions_.emplace_front(std::move(client));
    } catch (const std::bad_alloc&) {
        return; // the client is reset
    }
    try {
        spawn(serve(sessions_.begin()));
    } catch (const std::bad_alloc&) {
        sessions_.pop_front();
    }
}

task<void> local_server::serve(std::list<session>::iterator which) {
    auto& client = *which->client;
    try {
        for (;;) {
            const bool may_go_on = co_await answer_one(*which);
            if (!may_go_on || is_draining_) break;
            client.shrink();
        }
        if (client.is_open() && !which->is_idle) co_await client.linger(home_.coarse_now() + linger_time);
        client.close();
    } catch (const std::exception&) { // no memory, or more fields than there is room for
        client.reset();               // what is out may be half of something
    }
    sessions_.erase(which);
}

/// Whether another request may follow.
task<bool> local_server::answer_one(session& with) {
    const bool has_begun = co_await with.wait();
    if (!has_begun) co_return false;
    local_exchange::state state(*with.client, max_body_);
    local_exchange exchange(state);
    const auto read = co_await with.read(state);
    if (!read) co_return false;
    if (read->has_error()) {
        state.must_close = true;
        co_await exchange.respond(read->error());
        co_return false;
    }
    bool has_failed = false;
    try {
        co_await service_.answer(exchange);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
        has_failed = true;
    }
    if (has_failed) state.must_close = true;
    if (has_failed && state.is_answered) with.client->reset(); // half an answer is not a whole one
    if (has_failed && !state.is_answered) co_await exchange.respond(failure(reason::internal));
    co_return !state.must_close && with.client->is_open();
}

task<void> local_server::wait_until_empty(steady_time limit) {
    while (!sessions_.empty() && steady_now() < limit) co_await home_.sleep_until(steady_now() + drain_step);
}

task<void> local_server::drain(steady_time limit) {
    is_draining_ = true;
    listener_.stop();
    // A session that is told may end at once and leave the list: step past it first.
    for (auto next = sessions_.begin(); next != sessions_.end();) {
        auto& one = *next++;
        if (one.is_idle) one.client->interrupt();
    }
    co_await wait_until_empty(std::max(limit, steady_now()) + closing_time);
    for (auto next = sessions_.begin(); next != sessions_.end();) (next++)->client->reset();
    co_await wait_until_empty(steady_now() + closing_time);
}

} // namespace byot::http
