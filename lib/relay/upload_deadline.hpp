#pragma once

#include "core/clock.hpp"

#include <chrono>
#include <cstdint>

namespace byot::relay {

/// Until when a client must have sent more of its body (BYOT_BODY_TIMEOUT). Only progress worth the name puts
/// it off, so that a byte now and then does not hold a request for ever.
class upload_deadline {
public:
    /// Content that renews the whole wait, in bytes.
    static constexpr std::uint64_t renewing_progress = 16 * 1024;

    explicit upload_deadline(std::chrono::milliseconds wait) noexcept : wait_(wait) {}

    /// The deadline now that `seen` bytes of content came in all. The first call starts it.
    steady_time after(std::uint64_t seen, steady_time now) noexcept;
    /// Puts it off by a time in which nobody waited for the client.
    void put_off(steady_time::duration by) noexcept { end_ += by; }

private:
    std::chrono::milliseconds wait_;
    std::uint64_t seen_at_renewal_ = 0;
    steady_time end_{};
    bool is_started_ = false;
};

} // namespace byot::relay
