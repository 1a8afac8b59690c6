#include "net/reactor.hpp"

#include "core/locked_pages.hpp"
#include "net/reactor_state.hpp"

#include <boost/asio/post.hpp>

#include <ctime>

namespace byot::net {
scratch_memory::scratch_memory() : data(take_locked_pages(reactor::scratch_size)) {}

scratch_memory::~scratch_memory() {
    give_back_locked_pages(data, reactor::scratch_size);
}

// Only the reactor's own thread does I/O on it; other threads only post.
reactor::state::state()
    : context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      events(boost::asio::use_service<descriptor::events>(context)), work(context.get_executor()),
      sweep_timer(context) {
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
