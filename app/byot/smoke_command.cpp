#include "commands.hpp"
#include "smoke_steps.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace byot::app {
namespace {

using verdict = smoke_verdict;

constexpr std::string_view name_of(verdict::kind what) noexcept {
    switch (what) {
    case verdict::kind::passed:
        return "ok";
    case verdict::kind::skipped:
        return "skip";
    case verdict::kind::failed:
        break;
    }
    return "FAIL";
}

/// A line for a step.
void print(std::string_view step, const verdict& came, std::chrono::steady_clock::duration took) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    fmt::print("{:<5} {:<22} {:>6} ms{}{}\n", name_of(came.what), step, milliseconds,
               came.note.empty() ? "" : "  ", came.note);
    std::fflush(stdout);
}

/// One run, with what must be kept until its end.
class smoke_run {
public:
    explicit smoke_run(const smoke_inputs& inputs) noexcept : inputs_(inputs) {}

    int carry_out() {
        {
            smoke_service service(inputs_, state_);
            service.run(walk(service));
        }
        // On a loop of its own: the signal that ended the first would end this too.
        if (state_.may_be_stored) {
            smoke_service service(inputs_, state_);
            service.run(tidy_up(service));
        }
        if (failed_.empty()) fmt::print("byot smoke: {} is well\n", inputs_.options.url);
        if (!failed_.empty()) fmt::print(stderr, "byot smoke: failed at: {}\n", failed_);
        return failed_.empty() ? 0 : 1;
    }

private:
    task<void> walk(smoke_service& service) {
        smoke_steps steps(inputs_, state_, service);
        for (const auto& step : smoke_steps::in_order()) {
            const auto began = steady_now();
            auto came = co_await (steps.*step.carry_out)();
            if (service.is_interrupted()) came = {verdict::kind::failed, "interrupted by a signal"};
            print(step.name, came, steady_now() - began);
            if (came.what != verdict::kind::failed) continue;
            failed_ = step.name;
            break;
        }
    }

    task<void> tidy_up(smoke_service& service) {
        smoke_steps steps(inputs_, state_, service);
        const auto began = steady_now();
        const auto came = co_await steps.tidy_up();
        print("key removed", came, steady_now() - began);
    }

    const smoke_inputs& inputs_;
    smoke_state state_;
    std::string failed_;
};

} // namespace

int smoke(const smoke_options& options) {
    const auto read = read_smoke_inputs(options);
    if (const auto* const problem = std::get_if<std::string>(&read)) {
        fmt::print(stderr, "byot smoke: {}\n", *problem);
        return 1;
    }
    return smoke_run(std::get<smoke_inputs>(read)).carry_out();
}

} // namespace byot::app
