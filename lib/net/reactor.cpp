#include "net/reactor.hpp"

#include "core/locked_memory.hpp"
#include "net/reactor_state.hpp"
#include "net/stream_io.hpp"

#include <boost/asio/post.hpp>

#include <ctime>

namespace byot::net {
scratch_memory::scratch_memory() : data(take_locked_pages(reactor::scratch_size)) {}

scratch_memory::~scratch_memory() {
    give_back_locked_pages(data, reactor::scratch_size);
}

// Only the reactor's own thread does I/O on it; other threads only post.
reactor::state::state()
    : context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO), events(descriptor::wait_set_of(context)),
      work(context.get_executor()), sweep_timer(context), gone(context, &tell_rdhup) {
    tell_when_drained(-1); // what it finds out once, while there are descriptors
}

bool reactor::state::arm_sweep() noexcept {
    if (is_sweep_due) return true;
    try {
        sweep_timer.expires_after(sweep_interval);
        sweep_timer.async_wait([this](const boost::system::error_code& error) {
            is_sweep_due = false;
            if (!error) sweep_all();
        });
        is_sweep_due = true;
    } catch (const std::bad_alloc&) {
    }
    return is_sweep_due;
}

// Armed first: what follows may throw. They are called from a ring of their own, for each may end any.
void reactor::state::sweep_all() {
    arm_sweep();
    gone.wait();
    const auto now = std::chrono::steady_clock::now();
    asleep.wake(now);
    ring_link<swept> left;
    while (!each_sweep.is_alone()) each_sweep.next->move_to(left);
    while (!left.is_alone()) {
        auto& next = left.next->self();
        next.move_to(each_sweep);
        next.at_sweep();
    }
    sweep(now);
}

void reactor::state::run() {
    try {
        if (arm_sweep()) {
            context.run();
        } else {
            context.run_for(sweep_interval);
        }
    } catch (const std::bad_alloc&) {
        // Whoever it was has lost its turn; what must go on does not depend on one.
    }
}

reactor::reactor(unsigned index) : state_(std::make_unique<state>()), index_(index) {}

reactor::~reactor() = default;

boost::asio::io_context& reactor::context() noexcept {
    return state_->context;
}

// A stop that came before `run` still counts; one that ended a run does not end the next.
void reactor::run() {
    while (!state_->context.stopped()) state_->run();
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

void reactor::post(message& what) noexcept {
    state_->messages.put(what);
}

void reactor::join_sweep(swept& what) noexcept {
    what.join(state_->each_sweep);
}

// The kernel's tick, 1 to 4 ms behind: five times cheaper than the exact clock, and the same clock.
steady_time reactor::coarse_now() const noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return steady_time(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

void reactor::on_trim(std::function<void()> free_spare) {
    state_->on_trim.push_back(std::move(free_spare));
}

std::span<char> reactor::scratch() noexcept {
    return {state_->scratch.data, scratch_size};
}

} // namespace byot::net
