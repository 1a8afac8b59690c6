#include "forwarding_notice.hpp"

namespace byot::app {

void forwarding_notice::tell(telemetry::log& log, std::string_view fault) {
    if (fault.empty()) return;
    auto& is_told = fault == "too_few" ? is_too_few_told_ : is_no_address_told_;
    if (is_told.load(std::memory_order_relaxed) || is_told.exchange(true)) return;
    // Without the field's value: a client may have put anything there.
    log.write(log.line(telemetry::level::warning,
                       "X-Forwarded-For does not name the client: the peer's address is taken, and its limit "
                       "is everybody's; does BYOT_TRUSTED_HOPS fit the proxies?")
                  .add("fault", fault));
}

} // namespace byot::app
