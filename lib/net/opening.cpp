#include "net/opening.hpp"

#include "net/kernel_buffers.hpp"
#include "net/vanished_peer.hpp"

#include <cerrno>
#include <utility>

namespace byot::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

opening::opening(reactor& home) : home_(home), socket_(home.context()), timer_(home.context()) {
    join(home.state_->openings);
}

unsigned opening::begin_step() noexcept {
    is_well_ = false;
    return ++step_;
}

void opening::end_step(unsigned step, bool is_well) {
    if (step != step_) return;
    ++step_;
    is_well_ = is_well;
    timer_.cancel();
    ended_.notify();
}

task<bool> opening::finish_step(steady_time limit) {
    if (home_.is_outgoing_ended()) {
        ++step_; // whatever Asio says of it comes too late
        co_return false;
    }
    timer_.expires_at(limit);
    timer_.async_wait([self = shared_from_this(), step = step_](const error_code& error) {
        if (!error) self->end_step(step, false);
    });
    co_await ended_.wait();
    co_return is_well_;
}

task<bool> opening::connect(tcp::endpoint where, steady_time limit) {
    error_code error;
    socket_.close(error);
    socket_.open(where.protocol(), error);
    is_out_of_descriptors_ = error == error_code(EMFILE, boost::system::system_category()) ||
                             error == error_code(ENFILE, boost::system::system_category());
    if (error) co_return false;
    bound_kernel_buffers(socket_.native_handle(), upstream_buffer);
    const auto step = begin_step();
    socket_.async_connect(where, [self = shared_from_this(), step](const error_code& result) {
        self->end_step(step, !result);
    });
    const auto is_connected = co_await finish_step(limit);
    if (!is_connected) co_return false;
    socket_.set_option(tcp::no_delay(true), error);
    notice_vanished_peer(socket_.native_handle());
    co_return true;
}

task<bool> opening::wait_for(tcp::socket::wait_type what, steady_time limit) {
    const auto step = begin_step();
    socket_.async_wait(
        what, [self = shared_from_this(), step](const error_code& result) { self->end_step(step, !result); });
    const auto is_ready = co_await finish_step(limit);
    co_return is_ready;
}

task<bool> opening::shake_hands(tls_session& tls, steady_time limit) {
    using handshake = tls_session::handshake_step;
    for (;;) {
        const auto step = tls.shake_hands();
        if (step == handshake::done) co_return true;
        if (step == handshake::failed) co_return false;
        const auto what = step == handshake::wants_read ? tcp::socket::wait_read : tcp::socket::wait_write;
        const auto is_ready = co_await wait_for(what, limit);
        if (!is_ready) co_return false;
    }
}

int opening::release() {
    error_code error;
    const auto fd = socket_.release(error);
    return error ? -1 : fd;
}

void opening::break_off() {
    end_step(step_, false);
}

void opening::abandon() noexcept {
    ++step_;
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
}

} // namespace byot::net
