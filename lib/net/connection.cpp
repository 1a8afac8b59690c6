#include "net/connection.hpp"

#include "net/connection_state.hpp"

#include <poll.h>

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace byot::net {
namespace {

constexpr std::uint64_t most_read_while_lingering = std::uint64_t{256} * 1024;

int release(boost::asio::ip::tcp::socket& socket) noexcept {
    if (!socket.is_open()) return -1;
    boost::system::error_code error;
    return socket.release(error);
}

} // namespace

connection::connection(reactor& home, boost::asio::ip::tcp::socket socket)
    : connection(home, release(socket)) {}

connection::connection(reactor& home, int fd) : connection(home, file_descriptor(fd)) {}

connection::connection(reactor& home, file_descriptor fd)
    : state_(std::make_shared<state>(home, std::move(fd), nullptr)) {
    state_->read_on();
}

connection::connection(reactor& home, file_descriptor fd, std::unique_ptr<tls_session> tls)
    : state_(std::make_shared<state>(home, std::move(fd), std::move(tls))) {
    state_->is_outgoing = true;
    state_->read_on();
}

// Nobody is resumed from here: who waits may be the one who destroys.
connection::~connection() {
    if (state_->receiver) std::exchange(state_->receiver, nullptr)->abandon();
    if (state_->sender) std::exchange(state_->sender, nullptr)->abandon();
    state_->take_apart(false);
}

reactor& connection::home() const noexcept {
    return state_->home;
}

std::string connection::peer_address() const {
    return state_->peer_address.to_string();
}

std::uint64_t connection::bytes_received() const noexcept {
    return state_->bytes_received;
}

std::uint64_t connection::bytes_sent() const noexcept {
    return state_->bytes_sent;
}

// Receiving ----------------------------------------------------------------------------------------------

std::string_view connection::received() const noexcept {
    return state_->in.bytes();
}

void connection::consume(std::size_t count) noexcept {
    auto& s = *state_;
    s.in.consume(count);
    s.told -= static_cast<std::uint32_t>(std::min<std::size_t>(s.told, count));
    s.read_on_later();
}

void connection::reserve(std::size_t capacity) {
    state_->in.reserve(capacity);
    state_->read_on_later();
}

void connection::shrink() noexcept {
    state_->in.shrink();
}

std::size_t connection::capacity() const noexcept {
    return state_->in.capacity();
}

connection::receive_awaiter connection::receive() noexcept {
    return receive_awaiter(*state_);
}

bool connection::receive_awaiter::await_ready() noexcept {
    assert(!state_->receiver);
    const auto outcome = state_->known_outcome();
    if (outcome) outcome_ = *outcome;
    return outcome.has_value();
}

void connection::receive_awaiter::await_suspend(std::coroutine_handle<> waiter) noexcept {
    assert(!state_->in.is_full());
    waiter_ = waiter;
    state_->receiver = this;
    state_->read_on();
}

void connection::receive_awaiter::resume(receive_outcome outcome) {
    outcome_ = outcome;
    std::exchange(waiter_, {}).resume();
}

void connection::receive_awaiter::forget() noexcept {
    if (state_->receiver == this) state_->receiver = nullptr;
}

std::size_t connection::take_now(std::span<char> room) noexcept {
    auto& s = *state_;
    if (s.tls || s.in.size() > 0 || !s.is_readable() || room.empty()) return 0;
    const auto step = read_now(s.socket.native(), room, false);
    if (step.what == io_step::kind::failed || step.what == io_step::kind::reset)
        s.advance(state::peer_side::failed);
    s.bytes_received += step.count;
    return step.count;
}

// Sending ------------------------------------------------------------------------------------------------

connection::send_awaiter connection::send(std::string_view bytes) noexcept {
    return send_awaiter(*state_, bytes);
}

bool connection::send_awaiter::await_ready() noexcept {
    assert(!state_->sender && !state_->unsent);
    while (state_->can_send()) {
        if (rest_.empty()) {
            is_sent_ = true;
            return true;
        }
        const auto step = state_->write_some(rest_);
        if (step.what == io_step::kind::would_block) return false;
        rest_.remove_prefix(step.count);
    }
    return true;
}

// Bytes that cannot be kept are lost, and what was sent before them cannot be gone on with.
bool connection::send_awaiter::await_suspend(std::coroutine_handle<> waiter) noexcept {
    if (!state_->keep_unsent(rest_)) {
        state_->stop_sending();
        is_out_of_memory_ = true;
        return false;
    }
    waiter_ = waiter;
    state_->sender = this;
    return true;
}

bool connection::send_awaiter::await_resume() const {
    if (is_out_of_memory_) throw std::bad_alloc();
    return is_sent_;
}

void connection::send_awaiter::resume(bool is_sent) {
    is_sent_ = is_sent;
    std::exchange(waiter_, {}).resume();
}

void connection::send_awaiter::forget() noexcept {
    if (state_->sender == this) state_->sender = nullptr;
}

// Ending -------------------------------------------------------------------------------------------------

bool connection::is_open() const noexcept {
    return state_->is_readable();
}

bool connection::is_peer_gone() const noexcept {
    if (!is_open() || state_->has_gone()) return true;
    pollfd asked{state_->socket.native(), POLLRDHUP, 0};
    return ::poll(&asked, 1, 0) == 1;
}

bool connection::is_quiet() const noexcept {
    return is_open() && state_->in.size() == 0 && !state_->unsent && state_->sending == state::own_side::open;
}

bool connection::has_waiting_bytes() const noexcept {
    if (state_->in.size() > 0) return true;
    return is_open() && peek_now(state_->socket.native()).what == io_step::kind::moved;
}

void connection::watch_peer(std::function<void()> gone) {
    const auto self = state_;
    if (self->is_closed) return;
    self->watches_bytes = false;
    self->watch = std::move(gone);
    if (!self->watch) return;
    self->has_gone() ? self->tell_watch() : self->watch_end();
}

void connection::watch_idle(std::function<void()> disturbed) {
    const auto self = state_;
    if (self->is_closed) return;
    self->watches_bytes = true;
    self->is_interrupted = false; // meant for the one who used it
    self->watch = std::move(disturbed);
    if (!is_quiet()) self->tell_watch();
}

void connection::interrupt() {
    const auto self = state_;
    if (self->receiver) {
        self->resume_receiver(receive_outcome::interrupted);
    } else {
        self->is_interrupted = true;
    }
}

void connection::expire_at(steady_time when) noexcept {
    state_->deadline = when;
    state_->is_expired = false;
}

void connection::never_expire() noexcept {
    expire_at(steady_time::max());
}

bool connection::is_expired() const noexcept {
    return state_->is_expired || state_->deadline <= state_->home.coarse_now();
}

void connection::close() noexcept {
    const auto self = state_;
    self->take_apart(false);
    self->tell_closed();
}

void connection::reset() noexcept {
    const auto self = state_;
    self->take_apart(true);
    self->tell_closed();
}

task<void> connection::linger(steady_time limit) {
    if (is_open()) {
        state_->send_end();
        expire_at(limit);
        const auto enough = bytes_received() + most_read_while_lingering;
        consume(received().size());
        while (bytes_received() < enough) {
            const auto outcome = co_await receive();
            if (outcome != receive_outcome::arrived) break;
            consume(received().size());
        }
    }
    close();
}

} // namespace byot::net
