#include "net/connection_state.hpp"

#include "core/secret.hpp"

#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace byot::net {

bool connection::state::can_send() const noexcept {
    return !is_closed && !is_failed && !is_sending_over && !is_expired;
}

/// Sends until nothing is left or the socket is full; `count` is what went in all.
io_step connection::state::write_some(std::string_view bytes) noexcept {
    const auto step = tls ? tls->write(bytes) : write_now(socket.native(), bytes);
    bytes_sent += step.count;
    if (step.what == io_step::kind::reset) was_reset = true;
    if (step.what == io_step::kind::reset || step.what == io_step::kind::failed) is_sending_over = true;
    return step;
}

bool connection::state::keep_unsent(std::string_view bytes) noexcept {
    try {
        unsent = home.state_->blocks.take(bytes.size());
    } catch (const std::bad_alloc&) {
        return false;
    }
    std::memcpy(unsent.get(), bytes.data(), bytes.size());
    unsent_size = bytes.size();
    unsent_begin = 0;
    writing.self = shared_from_this();
    socket.start_writing(writing);
    return true;
}

void connection::state::drop_unsent() noexcept {
    if (!unsent) return;
    wipe(unsent.get(), unsent_size);
    unsent.reset();
    unsent_size = unsent_begin = 0;
}

void connection::state::on_written() {
    const bool is_sent = !writing.has_failed() && unsent && unsent_begin == unsent_size;
    if (!is_sent) is_sending_over = true;
    drop_unsent();
    if (sender) resume_sender(is_sent);
}

void connection::state::resume_sender(bool is_sent) {
    std::exchange(sender, nullptr)->resume(is_sent);
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
        state_->is_sending_over = true;
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

connection::send_awaiter connection::send(std::string_view bytes) noexcept {
    return send_awaiter(*state_, bytes);
}

std::uint64_t connection::bytes_sent() const noexcept {
    return state_->bytes_sent;
}

} // namespace byot::net
