#pragma once

#include "core/secret.hpp"
#include "net/connection.hpp"

#include <coroutine>
#include <string_view>

namespace byot::relay {

/// Sends bytes that may hold a key, from scratch memory or at the front of a receive buffer, and wipes them
/// there before anything else can run: the connection has copied what it could not send at once.
class wiping_send {
public:
    wiping_send(net::connection& to, std::string_view bytes) noexcept
        : bytes_(bytes), sending_(to.send(bytes)) {}

    bool await_ready() noexcept {
        const bool is_ready = sending_.await_ready();
        if (is_ready) wipe_bytes();
        return is_ready;
    }
    [[nodiscard]] bool await_suspend(std::coroutine_handle<> waiter) noexcept {
        const bool is_suspended = sending_.await_suspend(waiter);
        wipe_bytes();
        return is_suspended;
    }
    bool await_resume() const { return sending_.await_resume(); }

private:
    void wipe_bytes() const noexcept { wipe(const_cast<char*>(bytes_.data()), bytes_.size()); }

    std::string_view bytes_;
    net::connection::send_awaiter sending_;
};

} // namespace byot::relay
