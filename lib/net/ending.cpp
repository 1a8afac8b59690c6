#include "net/connection_state.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <utility>

namespace byot::net {
namespace {

constexpr std::uint64_t most_read_while_lingering = 256 * 1024;

} // namespace

void connection::state::take_apart(bool with_reset) noexcept {
    if (is_closed) return;
    is_closed = true;
    leave();
    watch = nullptr;
    const bool ends_in_order = !with_reset && !is_failed && !is_sending_over && !unsent;
    if (tls && ends_in_order) tls->end();
    drop_unsent();
    with_reset ? socket.reset() : socket.close();
}

/// Resumes who waits, one after the other: the first may have ended the second.
void connection::state::tell_closed() {
    if (receiver) resume_receiver(receive_outcome::failed);
    if (sender) resume_sender(false);
}

bool connection::state::has_news_for_sweep() const noexcept {
    return !is_looked_behind || (is_expired && (receiver || sender || watches_bytes));
}

void connection::state::tell_expired() {
    if (is_closed || !is_expired) return;
    if (watches_bytes && watch) {
        tell_watch();
        return;
    }
    if (receiver) resume_receiver(receive_outcome::expired);
    if (!is_expired || !sender) return;
    is_sending_over = true;
    drop_unsent();
    resume_sender(false);
}

void connection::state::end_sending() noexcept {
    is_sending_over = true;
    if (tls) tls->end();
    ::shutdown(socket.native(), SHUT_WR);
}

bool connection::is_open() const noexcept {
    return !state_->is_closed && !state_->is_ended && !state_->is_failed;
}

bool connection::is_peer_gone() const noexcept {
    if (!is_open() || state_->has_left) return true;
    pollfd asked{state_->socket.native(), POLLRDHUP, 0};
    return ::poll(&asked, 1, 0) == 1;
}

bool connection::is_quiet() const noexcept {
    return is_open() && state_->in.size() == 0 && !state_->unsent && !state_->is_sending_over;
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
    if (self->has_gone()) {
        self->tell_watch();
    } else if (!self->is_end_watched) {
        self->is_end_watched = true;
        self->home.state_->gone.watch(self->socket.native(), self.get());
    }
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
        state_->end_sending();
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
