#pragma once

#include "reactor_parts.hpp"
#include "telemetry_export.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace byot::app {

/// What all reactors counted and traced, and what is known of the process itself, put together on the first
/// reactor. What is given outlives it.
class telemetry_gatherer final : public telemetry_origin {
public:
    telemetry_gatherer(const std::vector<std::unique_ptr<net::reactor>>& reactors,
                       const std::vector<std::unique_ptr<reactor_parts>>& parts, const shared_parts& shared)
        : reactors_(reactors), parts_(parts), shared_(shared) {}

    /// What is pushed is asked for its losses; null: nothing is.
    void tell_losses_of(const telemetry_export* pushed) noexcept { pushed_ = pushed; }

    task<telemetry::metric_values> gather_metrics() override;
    task<std::vector<telemetry::span>> take_spans() override;

private:
    void add_shared(telemetry::metric_values& to) const;

    const std::vector<std::unique_ptr<net::reactor>>& reactors_;
    const std::vector<std::unique_ptr<reactor_parts>>& parts_;
    const shared_parts& shared_;
    const telemetry_export* pushed_ = nullptr;
    steady_time started_ = steady_now();
};

} // namespace byot::app
