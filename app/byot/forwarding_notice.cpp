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

void warn_if_gateway_is_no_hop(telemetry::log& log, const config::configuration& values) {
    constexpr unsigned gateway_and_front_end = 2;
    const bool is_behind_gateway = values.token_field == config::token_field::x_forwarded_authorization;
    if (!values.is_cloud_run || !is_behind_gateway || values.trusted_hops >= gateway_and_front_end) return;
    log.write(
        log.line(telemetry::level::warning,
                 "BYOT_TOKEN_FIELD says that a gateway is in front, and BYOT_TRUSTED_HOPS does not count "
                 "it: all clients share the gateway's address and its limit; 2 counts it")
            .add("hops", std::uint64_t{values.trusted_hops}));
}

} // namespace byot::app
