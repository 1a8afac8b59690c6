#pragma once

#include "config/configuration.hpp"
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

/// Warns of a service on Cloud Run whose tokens come through a gateway (BYOT_TOKEN_FIELD) while
/// BYOT_TRUSTED_HOPS leaves that gateway out: its address would be every client's.
void warn_if_gateway_is_no_hop(telemetry::log& log, const config::configuration& values);

} // namespace byot::app
