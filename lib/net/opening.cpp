#include "net/opening.hpp"

#include <utility>

namespace byot::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

opening::opening(reactor& home)
    : home_(home), resolver_(home.context()), socket_(home.context()), timer_(home.context()) {
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

task<opening::endpoints> opening::look_up(std::string host, std::uint16_t port, steady_time limit) {
    error_code not_an_address;
    const auto address = boost::asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return endpoints(1, tcp::endpoint(address, port));

    const auto step = begin_step();
    resolver_.async_resolve(
        host, std::to_string(port), tcp::resolver::numeric_service,
        [self = shared_from_this(), step](const error_code& error, const tcp::resolver::results_type& found) {
            if (step == self->step_) self->found_.assign(found.begin(), found.end());
            self->end_step(step, !error);
        });
    co_await finish_step(limit);
    co_return std::move(found_);
}

task<bool> opening::connect(tcp::endpoint where, steady_time limit) {
    error_code error;
    socket_.close(error);
    socket_.open(where.protocol(), error);
    if (error) co_return false;
    const auto step = begin_step();
    socket_.async_connect(where, [self = shared_from_this(), step](const error_code& result) {
        self->end_step(step, !result);
    });
    const auto is_connected = co_await finish_step(limit);
    if (is_connected) socket_.set_option(tcp::no_delay(true), error);
    co_return is_connected;
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
    resolver_.cancel();
    socket_.close(ignored);
    timer_.cancel();
}

} // namespace byot::net
