#pragma once

#include "telemetry/log.hpp"

#include <atomic>
#include <string_view>

namespace byot::app {

/// Says once in a process's life, for each fault, that X-Forwarded-For does not name clients, so that all of
/// them share one address's limit. Any thread may call it.
class forwarding_notice {
public:
    /// `fault` as in `telemetry::access_record`; nothing is done when it is empty.
    void tell(telemetry::log& log, std::string_view fault);

private:
    std::atomic<bool> is_too_few_told_{false};
    std::atomic<bool> is_no_address_told_{false};
};

} // namespace byot::app
