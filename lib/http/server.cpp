#include "http/server.hpp"

#include "core/encoding.hpp"

#include <fmt/format.h>

#include <new>
#include <optional>

namespace byot::http {
namespace {

constexpr std::chrono::milliseconds drain_step{5};
constexpr std::chrono::seconds turned_away_linger{1};
constexpr std::chrono::seconds closing_time{1};
/// At a time; more are reset without a word, or a flood would hold memory that the limit is there to save.
constexpr unsigned most_turned_away = 256;

struct count_of_turned_away {
    explicit count_of_turned_away(unsigned& c) noexcept : count(c) { ++count; }
    ~count_of_turned_away() { --count; }
    count_of_turned_away(const count_of_turned_away&) = delete;
    count_of_turned_away& operator=(const count_of_turned_away&) = delete;

    unsigned& count;
};

} // namespace

server::server(net::reactor& home, settings with, request_handler& answers)
    : home_(home), settings_(std::move(with)), answers_(answers), request_id_prefix_(random_alphanumeric(8)) {
}

server::~server() = default;

void server::listen_on(std::unique_ptr<net::listener> which) noexcept {
    listener_ = std::move(which);
}

std::uint16_t server::bind(const std::string& address, std::uint16_t port) {
    listener_ = std::make_unique<net::listener>(home_, address, port);
    return listener_->port();
}

void server::start() {
    listener_->start([this](std::unique_ptr<net::connection> client) { accept(std::move(client)); });
}

void server::accept(std::unique_ptr<net::connection> client) {
    const auto open = settings_.open_connections->fetch_add(1, std::memory_order_relaxed);
    if (open >= settings_.max_connections) {
        settings_.open_connections->fetch_sub(1, std::memory_order_relaxed);
        if (turning_away_ < most_turned_away) {
            spawn(turn_away(std::move(client)));
        } else {
            client->reset();
        }
        return;
    }
    try {
        auto prefix = fmt::format("{}{:x}", request_id_prefix_, ++accepted_);
        sessions_.emplace_front(std::move(client), settings_.sessions, std::move(prefix));
    } catch (const std::bad_alloc&) {
        settings_.open_connections->fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    if (is_draining_) sessions_.front().begin_drain();
    begin(sessions_.begin());
}

void server::begin(std::list<session>::iterator which) {
    try {
        spawn(serve(which));
    } catch (const std::bad_alloc&) {
        forget(which);
    }
}

task<void> server::turn_away(std::unique_ptr<net::connection> client) {
    const count_of_turned_away counted(turning_away_);
    try {
        co_await answer_overloaded(*client);
    } catch (const std::bad_alloc&) {
        client->reset();
    }
}

task<void> server::answer_overloaded(net::connection& client) {
    if (client.is_peer_gone()) co_return;
    const auto request_id = fmt::format("{}{:x}", request_id_prefix_, ++accepted_);
    response_frame frame;
    frame.keeps_alive = false;
    frame.date = wall_now();
    frame.request_id = request_id;
    const auto bytes = serialize(respond_to_failure(failure(reason::overloaded), request_id), frame);
    client.expire_at(home_.coarse_now() + turned_away_linger);
    co_await client.send(bytes);
    co_await client.linger(home_.coarse_now() + turned_away_linger);
}

task<void> server::serve(std::list<session>::iterator which) {
    auto& client = *which;
    try {
        for (;;) {
            const bool has_request = co_await client.read_head();
            if (!has_request) break;
            std::optional<reason> failed;
            try {
                co_await answers_.answer(client.asked());
            } catch (const std::exception&) {
                failed = client.note_exception();
            }
            if (client.is_answer_due(failed.has_value()))
                co_await client.asked().respond(failure(failed.value_or(reason::internal)));
            answers_.observe(client.finish_record());
            if (!client.may_go_on()) break;
        }
        if (client.was_refused()) answers_.observe(client.finish_record());
        co_await client.end();
    } catch (const std::bad_alloc&) {
        client.client().reset(); // what is out may be half of something
    }
    forget(which);
}

void server::forget(std::list<session>::iterator which) noexcept {
    sessions_.erase(which);
    settings_.open_connections->fetch_sub(1, std::memory_order_relaxed);
}

task<void> server::wait_until_empty(steady_time limit) {
    while (!sessions_.empty() && steady_now() < limit) co_await home_.sleep_until(steady_now() + drain_step);
}

task<void> server::finish(steady_time limit) {
    is_draining_ = true;
    for (auto& one : sessions_) one.begin_drain();
    for (;;) {
        // Who waits in the kernel's queue may have sent a request.
        if (listener_) listener_->accept_waiting();
        // Other reactors' connections keep this one's queue open: the kernel chooses where a new one goes.
        if (settings_.open_connections->load(std::memory_order_relaxed) == 0 || steady_now() >= limit) break;
        co_await home_.sleep_until(steady_now() + drain_step);
    }
    if (listener_) listener_->stop();
    // A session that is told may end at once and leave the list: step past it first.
    for (auto next = sessions_.begin(); next != sessions_.end();) (next++)->end_drain();
}

task<void> server::end() {
    co_await wait_until_empty(steady_now() + closing_time);
    reset();
    co_await wait_until_empty(steady_now() + closing_time);
}

task<void> server::drain(steady_time limit) {
    co_await finish(limit);
    co_await end();
}

void server::reset() {
    for (auto next = sessions_.begin(); next != sessions_.end();) (next++)->client().reset();
}

} // namespace byot::http
