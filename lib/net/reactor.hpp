#pragma once

#include "core/async_event.hpp"
#include "core/clock.hpp"
#include "core/task.hpp"
#include "net/remote_call.hpp"
#include "net/sleep.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <span>

namespace byot::net {

class connection;

/// One thread's event loop, with what belongs to that thread alone: its connections' deadlines and its
/// scratch memory. Two reactors share nothing mutable; they tell each other by `post`.
class reactor {
public:
    /// `index` counts from zero; reactor 0 is where process-wide single flights live.
    explicit reactor(unsigned index);
    ~reactor();
    reactor(const reactor&) = delete;
    reactor& operator=(const reactor&) = delete;

    unsigned index() const noexcept { return index_; }
    boost::asio::io_context& context() noexcept;

    /// Runs on the calling thread until `stop`. A handler that finds no memory (std::bad_alloc) loses its
    /// turn, and the reactor goes on.
    void run();
    /// Ends `run` after the handler that is running. From any thread.
    void stop();
    /// Ends what is asked of others: connections opened from here close, connect operations under way and all
    /// later ones fail, and who sleeps wakes, so that nobody goes on waiting while the process ends. On this
    /// reactor.
    void end_outgoing();
    /// Whether `end_outgoing` was called: trying again leads nowhere.
    bool is_outgoing_ended() const noexcept;
    /// The mailbox: runs `work` on this reactor's thread, later. From any thread. Throws std::bad_alloc.
    void post(std::function<void()> work);
    /// The same for what lies in its sender's memory, which cannot fail.
    void post(message& what) noexcept;

    /// `co_await sleep_until(when)` suspends the calling coroutine, which runs on this reactor; for tasks in
    /// the background, never for a request's deadline: those are swept. `end_outgoing` wakes it early. Cannot
    /// fail; without memory for a timer it wakes with the sweep. One asleep when the reactor ends never
    /// wakes.
    sleep_awaiter sleep_until(steady_time when) noexcept;
    /// Has `what` called at each sweep until it leaves. Cannot fail.
    void join_sweep(swept& what) noexcept;

    /// The clock as the sweep or the last event left it; for deadlines, exact to 100 ms.
    steady_time coarse_now() const noexcept;
    /// How often the deadlines are looked at.
    static constexpr std::chrono::milliseconds sweep_interval{100};

    /// Calls `free_spare` on the reactor's thread when a crowd has gone (see `trim_policy`), before the
    /// allocator is told to give free memory back to the system: for what keeps memory for a next time.
    /// Before `run`.
    void on_trim(std::function<void()> free_spare);

    /// Memory for one flat write, valid until the next suspension; 64 KiB of body and 16 KiB of head.
    /// Whoever put a secret in wipes it before suspending.
    std::span<char> scratch() noexcept;
    static constexpr std::size_t scratch_size = 80 * 1024;

private:
    friend class connection;
    friend class sleep_awaiter;
    friend class connect_operation;
    struct state;
    std::unique_ptr<state> state_;
    unsigned index_;
};

/// Runs the task that `work` makes on the reactor `there`, while the caller, which runs on `here`, waits.
/// What `work` throws reaches the caller; it and what it refers to live until the answer is back.
template <class R, class Work>
task<R> run_on(reactor& there, reactor& here, Work work) {
    if (&there == &here) co_return co_await work();
    remote_call<R, Work, reactor> sent(work, here);
    there.post(sent);
    co_await sent.wait();
    co_return sent.take();
}

} // namespace byot::net
