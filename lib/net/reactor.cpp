#include "net/reactor.hpp"

#include "core/frame_memory.hpp"
#include "core/locked_memory.hpp"
#include "net/connect_operation.hpp"
#include "net/connection_state.hpp"
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

void reactor::state::sweep(steady_time now) {
    // First all are looked at, then some are told: telling one may end any other.
    std::vector<std::shared_ptr<connection::state>> told;
    std::size_t open = 0;
    for (auto* link = connections.next; link != &connections; link = link->next) {
        ++open;
        auto& s = *static_cast<connection::state*>(&link->self());
        if (!s.is_expired && s.deadline <= now) s.is_expired = true;
        if (s.has_news_for_sweep()) told.push_back(s.shared_from_this());
    }
    for (const auto& s : told) {
        s->tell_expired();
        s->look_behind();
    }
    trim_if_due(open);
}

// In two sweeps: between them all handlers run that the first found queued.
void reactor::state::trim_if_due(std::size_t open) {
    if (closed) {
        closed.reset();
        give_spare_memory_back();
    }
    if (!crowd_gone.is_due(open)) return;
    for (const auto& free_spare : on_trim) free_spare();
    blocks.free_spare();
    free_spare_frames();
    closed.emplace(events);
}

// First all are found, then they are told: telling one may end any other.
void reactor::state::end_outgoing() {
    is_outgoing_ended = true;
    std::vector<std::shared_ptr<connection::state>> open;
    for (auto* link = connections.next; link != &connections; link = link->next) {
        auto& s = static_cast<connection::state&>(link->self());
        if (s.is_outgoing) open.push_back(s.shared_from_this());
    }
    std::vector<std::shared_ptr<connect_operation>> under_way;
    for (auto* link = connects.next; link != &connects; link = link->next) {
        under_way.push_back(link->self().shared_from_this());
    }
    for (const auto& s : open) {
        s->take_apart(false);
        s->tell_closed();
    }
    for (const auto& one : under_way) one->break_off();
    asleep.wake_all();
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
