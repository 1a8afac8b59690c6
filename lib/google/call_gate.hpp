#pragma once

#include "core/async_event.hpp"
#include "core/task.hpp"
#include "net/reactor.hpp"

#include <cstddef>
#include <list>

namespace byot::google {

/// Lets so many calls at a time through, and so many more wait: the bound on one reactor's connections to a
/// service, and on what piles up before a service that does not answer.
class call_gate {
public:
    call_gate(net::reactor& home, std::size_t most_inside, std::size_t most_waiting);
    call_gate(const call_gate&) = delete;
    call_gate& operator=(const call_gate&) = delete;

    /// A place inside, left when it goes. The gate outlives it.
    class place {
    public:
        explicit place(call_gate* gate) noexcept : gate_(gate) {}
        place(place&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
        place& operator=(place&&) = delete;
        ~place() {
            if (gate_) gate_->leave();
        }
        /// Whether there was a place.
        explicit operator bool() const noexcept { return gate_ != nullptr; }

    private:
        call_gate* gate_;
    };

    /// A place, in the order of asking; none when too many wait or `limit` passes.
    task<place> enter(steady_time limit);

    std::size_t inside() const noexcept { return inside_; }

private:
    struct waiter {
        steady_time limit;
        async_event called;
        net::event_message told{called};
        bool is_admitted = false;
    };
    void leave();
    task<void> watch_limits();
    void end_late(steady_time now);

    net::reactor& home_;
    std::size_t most_inside_;
    std::size_t most_waiting_;
    std::size_t inside_ = 0;
    std::list<waiter*> waiting_;
    bool is_watched_ = false;
};

} // namespace byot::google
