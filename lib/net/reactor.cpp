#include "net/reactor.hpp"

#include "net/reactor_state.hpp"

#include <boost/asio/post.hpp>
#include <sodium.h>

#include <cstdlib>
#include <ctime>
#include <new>

namespace byot::net {
namespace {

constexpr std::size_t page_size = 4096;

} // namespace

scratch_memory::scratch_memory()
    : data(static_cast<char*>(std::aligned_alloc(page_size, reactor::scratch_size))) {
    static_assert(reactor::scratch_size % page_size == 0);
    if (!data) throw std::bad_alloc();
    static_cast<void>(sodium_mlock(data, reactor::scratch_size)); // the system may allow less
}

scratch_memory::~scratch_memory() {
    sodium_munlock(data, reactor::scratch_size); // wipes too
    std::free(data);
}

// Only the reactor's own thread does I/O on it; other threads only post.
reactor::state::state()
    : context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      events(boost::asio::use_service<descriptor::events>(context)), work(context.get_executor()),
      sweep_timer(context), gone(context, &tell_hangup) {
    events.init_task();
    sweep_later();
}

void reactor::state::sweep_later() {
    sweep_timer.expires_after(sweep_interval);
    sweep_timer.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        sweep(std::chrono::steady_clock::now());
        sweep_later();
    });
}

reactor::reactor(unsigned index) : state_(std::make_unique<state>()), index_(index) {}

reactor::~reactor() = default;

boost::asio::io_context& reactor::context() noexcept {
    return state_->context;
}

// A stop that came before `run` still counts; one that ended a run does not end the next.
void reactor::run() {
    state_->context.run();
    state_->context.restart();
}

void reactor::stop() {
    state_->context.stop();
}

void reactor::end_outgoing() {
    state_->end_outgoing();
}

bool reactor::is_outgoing_ended() const noexcept {
    return state_->is_outgoing_ended;
}

void reactor::post(std::function<void()> work) {
    boost::asio::post(state_->context, std::move(work));
}

// The kernel's tick, 1 to 4 ms behind: five times cheaper than the exact clock, and the same clock.
steady_time reactor::coarse_now() const noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return steady_time(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

std::span<char> reactor::scratch() noexcept {
    return {state_->scratch.data, scratch_size};
}

} // namespace byot::net
