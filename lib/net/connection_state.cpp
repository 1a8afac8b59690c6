#include "net/connection_state.hpp"

#include "core/secret.hpp"

#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace byot::net {
namespace {

boost::asio::ip::address address_of_peer(int fd) noexcept {
    boost::asio::ip::tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    if (fd < 0 || ::getpeername(fd, peer.data(), &size) != 0) return {};
    auto address = peer.address();
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
}

bool is_fault(const io_step& step) noexcept {
    return step.what == io_step::kind::failed || step.what == io_step::kind::reset;
}

} // namespace

connection::state::state(reactor& home_, file_descriptor fd, std::unique_ptr<tls_session> tls_)
    : home(home_), socket(home_.state_->events, fd.release()), tls(std::move(tls_)), in(home_.state_->blocks),
      peer_address(address_of_peer(socket.native())) {
    static_assert(!descriptor::waits_outside || sizeof(state) < 700,
                  "a silent stream costs this and what Asio keeps, but no buffer");
    if (!socket.is_open()) peer = peer_side::failed;
    tells_drained = !tls && tell_when_drained(socket.native());
    join(home.state_->connections);
}

connection::state::~state() {
    take_apart(false);
}

// Receiving ----------------------------------------------------------------------------------------------

io_status connection::state::read_operation::perform() {
    const auto step = self->read_some();
    if (step.what == io_step::kind::would_block) return io_status::not_done;
    // Drained: the next read waits without trying. An end is never drained, so it is found by trying.
    return step.is_drained ? io_status::done_and_exhausted : io_status::done;
}

void connection::state::read_operation::complete(bool is_told) {
    const auto whose = std::exchange(self, nullptr);
    if (is_told) whose->on_read();
}

// Without memory to read into, the connection fails: Asio's reactor must not be thrown through.
io_step connection::state::read_some() noexcept {
    const auto room = in.room();
    auto step = io_step{io_step::kind::failed, false, 0};
    if (!room.empty()) step = tls ? tls->read(room) : read_now(socket.native(), room, tells_drained);
    if (has_left) step.is_drained = false; // its end raises no event any more
    if (step.what == io_step::kind::moved) {
        in.filled(step.count);
        bytes_received += step.count;
        is_looked_behind = !step.is_drained;
    } else {
        in.release_if_empty();
    }
    const bool is_end = step.what == io_step::kind::ended;
    if (is_end && sending != own_side::reset) advance(peer_side::ended);
    if (is_fault(step) || (is_end && sending == own_side::reset)) advance(peer_side::failed);
    return step;
}

void connection::state::read_on() {
    if (!can_read_on()) return;
    reading.self = shared_from_this();
    socket.start_reading(reading);
}

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

// Who took the bytes may wait for something else now: where the peer has left, the watch is told then.
void connection::state::on_read() {
    if (is_closed) return;
    if (reading.has_failed()) peer = peer_side::failed;
    is_in_handler = true;
    if (receiver) {
        if (const auto outcome = known_outcome()) resume_receiver(*outcome);
    } else if (peer != peer_side::open || (watches_bytes && in.size() > 0)) {
        tell_watch();
    }
    if (has_left && !receiver) tell_watch();
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
    if (is_closed || peer == peer_side::failed) return receive_outcome::failed;
    if (peer == peer_side::ended) return receive_outcome::ended;
    if (is_expired) return receive_outcome::expired;
    return std::nullopt;
}

void connection::state::resume_receiver(receive_outcome outcome) {
    std::exchange(receiver, nullptr)->resume(outcome);
}

void connection::state::look_behind() {
    if (is_looked_behind || is_closed || !reading.self) return;
    is_looked_behind = true;
    if (!is_fault(peek_now(socket.native()))) return;
    peer = peer_side::failed;
    on_read();
}

// Where there is room the end is found by reading.
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

// Sending ------------------------------------------------------------------------------------------------

bool connection::state::can_send() const noexcept {
    return !is_closed && peer != peer_side::failed && sending == own_side::open && !is_expired;
}

void connection::state::stop_sending() noexcept {
    if (sending == own_side::open) sending = own_side::over;
}

void connection::state::send_end() noexcept {
    stop_sending();
    if (tls) tls->end();
    ::shutdown(socket.native(), SHUT_WR);
}

io_step connection::state::write_some(std::string_view bytes) noexcept {
    const auto step = tls ? tls->write(bytes) : write_now(socket.native(), bytes);
    bytes_sent += step.count;
    if (step.what == io_step::kind::reset) sending = own_side::reset;
    if (step.what == io_step::kind::failed) stop_sending();
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

io_status connection::state::write_operation::perform() {
    auto& s = *self;
    while (s.unsent_begin < s.unsent_size) {
        const std::string_view rest(s.unsent.get() + s.unsent_begin, s.unsent_size - s.unsent_begin);
        const auto step = s.write_some(rest);
        if (step.what == io_step::kind::would_block) return io_status::not_done;
        if (step.what != io_step::kind::moved) return io_status::done;
        s.unsent_begin += step.count;
    }
    return io_status::done;
}

void connection::state::write_operation::complete(bool is_told) {
    const auto whose = std::exchange(self, nullptr);
    if (is_told) whose->on_written();
}

void connection::state::on_written() {
    const bool is_sent = !writing.has_failed() && unsent && unsent_begin == unsent_size;
    if (!is_sent) stop_sending();
    drop_unsent();
    if (sender) resume_sender(is_sent);
}

void connection::state::resume_sender(bool is_sent) {
    std::exchange(sender, nullptr)->resume(is_sent);
}

// Watching and ending ------------------------------------------------------------------------------------

void connection::state::tell_watch() {
    watches_bytes = false;
    if (const auto told_now = std::exchange(watch, nullptr)) told_now();
}

void connection::state::watch_end() noexcept {
    if (is_end_watched) return;
    is_end_watched = true;
    home.state_->gone.watch(socket.native(), this);
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
    stop_sending();
    drop_unsent();
    resume_sender(false);
}

void connection::state::take_apart(bool with_reset) noexcept {
    if (is_closed) return;
    is_closed = true;
    leave();
    watch = nullptr;
    const bool ends_in_order =
        !with_reset && peer != peer_side::failed && sending == own_side::open && !unsent;
    if (tls && ends_in_order) tls->end();
    drop_unsent();
    with_reset ? socket.reset() : socket.close();
}

void connection::state::tell_closed() {
    if (receiver) resume_receiver(receive_outcome::failed);
    if (sender) resume_sender(false);
}

} // namespace byot::net
