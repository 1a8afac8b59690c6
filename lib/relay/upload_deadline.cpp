#include "relay/upload_deadline.hpp"

namespace byot::relay {

steady_time upload_deadline::after(std::uint64_t seen, steady_time now) noexcept {
    if (is_started_ && seen - seen_at_renewal_ < renewing_progress) return end_;
    is_started_ = true;
    seen_at_renewal_ = seen;
    end_ = now + wait_;
    return end_;
}

} // namespace byot::relay
