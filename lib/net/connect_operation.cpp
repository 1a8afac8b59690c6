#include "net/connect_operation.hpp"

#include "net/socket_options.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace byot::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds usual_delay{250};
constexpr std::chrono::milliseconds least_delay{10};

void drop_repeated(std::vector<tcp::endpoint>& addresses) {
    auto end = addresses.begin();
    for (auto& one : addresses) {
        if (std::find(addresses.begin(), end, one) == end) *end++ = one;
    }
    addresses.erase(end, addresses.end());
}

bool is_lack_of_means(const error_code& error) noexcept {
    if (error.category() != boost::system::system_category()) return false;
    const auto value = error.value();
    return value == EMFILE || value == ENFILE || value == ENOMEM || value == ENOBUFS || value == ENOSPC;
}

} // namespace

std::vector<tcp::endpoint> in_attempt_order(std::vector<tcp::endpoint> addresses) {
    drop_repeated(addresses);
    std::vector<tcp::endpoint> order;
    order.reserve(addresses.size());
    bool is_first_family = true;
    while (!addresses.empty()) {
        const auto is_next = [&, family = order.empty() ? addresses.front().protocol()
                                                        : order.front().protocol()](const auto& one) {
            return (one.protocol() == family) == is_first_family;
        };
        const auto found = std::find_if(addresses.begin(), addresses.end(), is_next);
        const auto next = found == addresses.end() ? addresses.begin() : found; // the other family is used up
        order.push_back(*next);
        addresses.erase(next);
        is_first_family = !is_first_family;
    }
    return order;
}

steady_time::duration attempt_delay(steady_time::duration time_left, std::size_t addresses) noexcept {
    const auto share = time_left / static_cast<std::int64_t>(std::max<std::size_t>(addresses, 1));
    return std::clamp<steady_time::duration>(share, least_delay, usual_delay);
}

connect_operation::connect_operation(reactor& home)
    : home_(home), socket_(home.context()), timer_(home.context()) {
    join(home.state_->connects);
}

unsigned connect_operation::begin_step() noexcept {
    is_well_ = false;
    return ++step_;
}

void connect_operation::end_step(unsigned step, bool is_well) {
    if (step != step_) return;
    ++step_;
    is_well_ = is_well;
    timer_.cancel();
    ended_.notify();
}

task<bool> connect_operation::finish_step(steady_time limit) {
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

task<bool> connect_operation::connect(std::span<const endpoint> where, steady_time limit) {
    end_race();
    error_code error;
    socket_.close(error);
    is_out_of_means_ = false;
    attempts_.reserve(where.size()); // they never move
    const auto delay = attempt_delay(limit - steady_now(), where.size());
    next_at_ = steady_now();
    for (std::size_t untried = 0; !home_.is_outgoing_ended();) {
        begin_attempts(where, untried, delay);
        if (under_way_ == 0) break;
        begin_step();
        const bool has_more = untried < where.size();
        const auto until = has_more ? std::min(next_at_, limit) : limit;
        co_await finish_step(until);
        if (socket_.is_open() || steady_now() >= limit) break;
    }
    end_race();
    if (!socket_.is_open()) co_return false;
    socket_.set_option(tcp::no_delay(true), error);
    notice_vanished_peer(socket_.native_handle());
    co_return true;
}

void connect_operation::begin_attempts(std::span<const endpoint> where, std::size_t& untried,
                                       steady_time::duration delay) {
    while (untried < where.size() && (under_way_ == 0 || next_at_ <= steady_now())) {
        const auto begun = begin_attempt(where[untried]);
        if (begun == beginning::no_means) {
            is_out_of_means_ = under_way_ == 0;
            next_at_ = steady_time::max(); // until one ends and leaves its descriptor
            return;
        }
        ++untried;
        if (begun == beginning::done) next_at_ = steady_now() + delay;
    }
}

connect_operation::beginning connect_operation::begin_attempt(const endpoint& where) {
    const auto before = attempts_.size();
    try {
        tcp::socket one(home_.context());
        error_code error;
        one.open(where.protocol(), error);
        if (is_lack_of_means(error)) return beginning::no_means;
        if (error) return beginning::failed;
        bound_kernel_buffers(one.native_handle(), upstream_buffer);
        auto& kept = attempts_.emplace_back(std::move(one));
        kept.async_connect(
            where, [self = shared_from_this(), race = race_, which = before](const error_code& result) {
                if (race == self->race_) self->end_attempt(which, !result);
            });
    } catch (const std::bad_alloc&) {
        if (attempts_.size() > before) attempts_.pop_back();
        return beginning::no_means;
    }
    ++under_way_;
    return beginning::done;
}

void connect_operation::end_attempt(std::size_t which, bool is_connected) {
    --under_way_;
    error_code ignored;
    if (is_connected) {
        socket_ = std::move(attempts_[which]);
    } else {
        attempts_[which].close(ignored);
        next_at_ = steady_now();
    }
    end_step(step_, is_connected);
}

// Those that are still under way are closed.
void connect_operation::end_race() noexcept {
    ++race_;
    under_way_ = 0;
    attempts_.clear();
}

task<bool> connect_operation::wait_for(tcp::socket::wait_type what, steady_time limit) {
    const auto step = begin_step();
    socket_.async_wait(
        what, [self = shared_from_this(), step](const error_code& result) { self->end_step(step, !result); });
    const auto is_ready = co_await finish_step(limit);
    co_return is_ready;
}

task<bool> connect_operation::shake_hands(tls_session& tls, steady_time limit) {
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

int connect_operation::release() {
    error_code error;
    const auto fd = socket_.release(error);
    return error ? -1 : fd;
}

void connect_operation::break_off() {
    end_step(step_, false);
}

void connect_operation::abandon() noexcept {
    ++step_;
    end_race();
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
}

} // namespace byot::net
