#include "net/connection_state.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace byot::net {

// Without memory to read into, the connection fails: Asio's reactor must not be thrown through.
io_step connection::state::read_some() noexcept {
    const auto room = in.room();
    auto step = io_step{io_step::kind::failed, false, 0};
    if (!room.empty()) step = tls ? tls->read(room) : read_now(socket.native(), room, tells_drained);
    if (has_left) step.is_drained = false; // the end that is behind raises no event any more
    if (step.what == io_step::kind::moved) {
        in.filled(step.count);
        bytes_received += step.count;
        is_looked_behind = !step.is_drained;
    } else {
        in.release_if_empty();
    }
    const bool is_end = step.what == io_step::kind::ended;
    if (is_end && !was_reset) is_ended = true;
    if (is_end && was_reset) is_failed = true;
    if (step.what == io_step::kind::failed || step.what == io_step::kind::reset) is_failed = true;
    return step;
}

bool connection::state::can_read_on() const noexcept {
    return !reading.self && !is_closed && !is_ended && !is_failed && !in.is_full();
}

/// Starts the read that is always outstanding, where it may be.
void connection::state::read_on() {
    if (!can_read_on()) return;
    reading.self = shared_from_this();
    socket.start_reading(reading);
}

// Not at once: the owner may be about to take the bytes without a copy, or to consume more.
void connection::state::read_on_later() noexcept {
    if (!can_read_on() || is_in_handler || reads_on_later) return;
    try {
        boost::asio::post(home.context(), [self = shared_from_this()] {
            self->reads_on_later = false;
            self->read_on();
        });
        reads_on_later = true;
    } catch (const std::bad_alloc&) {
        read_on(); // costs a copy
    }
}

void connection::state::on_read() {
    if (is_closed) return;
    if (reading.has_failed()) is_failed = true;
    is_in_handler = true;
    if (receiver) {
        if (const auto outcome = known_outcome()) resume_receiver(*outcome);
    } else if (is_ended || is_failed || (watches_bytes && in.size() > 0)) {
        tell_watch();
    }
    if (has_left && !receiver) tell_watch(); // who took the bytes may wait for something else now
    is_in_handler = false;
    read_on();
}

std::optional<receive_outcome> connection::state::known_outcome() noexcept {
    if (is_interrupted) {
        is_interrupted = false;
        return receive_outcome::interrupted;
    }
    if (in.size() > told) {
        told = static_cast<std::uint32_t>(in.size());
        return receive_outcome::arrived;
    }
    if (is_failed || is_closed) return receive_outcome::failed;
    if (is_ended) return receive_outcome::ended;
    if (is_expired) return receive_outcome::expired;
    return std::nullopt;
}

void connection::state::resume_receiver(receive_outcome outcome) {
    std::exchange(receiver, nullptr)->resume(outcome);
}

void connection::state::tell_watch() {
    watches_bytes = false;
    if (const auto gone = std::exchange(watch, nullptr)) gone();
}

/// A reset that came together with the last bytes raised no event of its own.
void connection::state::look_behind() {
    if (is_looked_behind || is_closed || !reading.self) return;
    is_looked_behind = true;
    const auto step = peek_now(socket.native());
    if (step.what != io_step::kind::failed && step.what != io_step::kind::reset) return;
    is_failed = true;
    on_read();
}

/// Where there is room the end is found by reading.
void connection::state::on_rdhup() {
    has_left = true;
    if (!in.is_full()) {
        look_behind();
    } else if (!is_closed && !receiver) {
        tell_watch();
    }
}

void reactor::state::tell_rdhup(void* who) {
    static_cast<connection::state*>(who)->shared_from_this()->on_rdhup();
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

std::size_t connection::take_now(std::span<char> room) noexcept {
    auto& s = *state_;
    if (s.tls || s.in.size() > 0 || s.is_closed || s.is_ended || s.is_failed || room.empty()) return 0;
    const auto step = read_now(s.socket.native(), room, false);
    if (step.what == io_step::kind::failed || step.what == io_step::kind::reset) s.is_failed = true;
    s.bytes_received += step.count;
    return step.count;
}

std::uint64_t connection::bytes_received() const noexcept {
    return state_->bytes_received;
}

} // namespace byot::net
