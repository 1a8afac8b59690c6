#pragma once

#include "core/task.hpp"
#include "net/reactor.hpp"

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

namespace byot::vault::testing {

/// A reactor on a thread of its own, for as long as this lives.
class running_reactor {
public:
    explicit running_reactor(unsigned index = 0) : home_(index), thread_([this] { home_.run(); }) {}
    ~running_reactor() { stop(); }
    running_reactor(const running_reactor&) = delete;
    running_reactor& operator=(const running_reactor&) = delete;

    net::reactor& home() noexcept { return home_; }

    /// Ends its thread, before what the thread uses goes.
    void stop() {
        if (!thread_.joinable()) return;
        home_.stop();
        thread_.join();
    }

    /// Starts the task that `work` makes on the reactor; the future gets its answer.
    template <class R, class Work>
    std::future<R> start(Work work) {
        auto promise = std::make_shared<std::promise<R>>();
        auto answer = promise->get_future();
        home_.post([promise, work = std::move(work)] { spawn(carry_out<R, Work>(promise, work)); });
        return answer;
    }

    /// Runs it to its end, or throws.
    template <class R, class Work>
    R wait(Work work) {
        auto answer = start<R>(std::move(work));
        if (answer.wait_for(patience) != std::future_status::ready)
            throw std::runtime_error("what was started on the reactor did not end in time");
        return answer.get();
    }

    /// Calls a plain function on the reactor's thread.
    template <class R, class Work>
    R call(Work work) {
        return wait<R>([work = std::move(work)]() { return as_task<R, Work>(work); });
    }

private:
    static constexpr std::chrono::seconds patience{30};

    template <class R, class Work>
    static task<void> carry_out(std::shared_ptr<std::promise<R>> promise, Work work) {
        auto answer = co_await work();
        promise->set_value(std::move(answer));
    }
    template <class R, class Work>
    static task<R> as_task(Work work) {
        co_return work();
    }

    net::reactor home_;
    std::thread thread_;
};

} // namespace byot::vault::testing
