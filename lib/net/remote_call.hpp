#pragma once

#include "core/task.hpp"
#include "net/mailbox.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace byot::net {

/// Work that is sent to another reactor and brings its answer, or what it threw, back home. Lies in the frame
/// of the coroutine that waits for it.
template <class R, class Work, class Reactor>
class remote_call final : public message {
public:
    remote_call(Work& work, Reactor& home) noexcept : work_(work), home_(home) {}

    void arrive() noexcept override {
        try {
            spawn(carry_out(*this));
        } catch (...) { // there was no memory to begin
            fail();
        }
    }

    auto wait() noexcept { return done_.wait(); }
    R take() {
        if (error_) std::rethrow_exception(error_);
        return std::move(*answer_);
    }

private:
    static task<void> carry_out(remote_call& self) {
        try {
            R given = co_await self.work_();
            self.answer_.emplace(std::move(given));
        } catch (...) {
            self.error_ = std::current_exception();
        }
        self.home_.post(self.back_);
    }
    void fail() noexcept {
        error_ = std::current_exception();
        home_.post(back_);
    }

    Work& work_;
    Reactor& home_;
    std::optional<R> answer_;
    std::exception_ptr error_;
    async_event done_;
    event_message back_{done_};
};

} // namespace byot::net
