#pragma once

#include "core/clock.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/request_trace.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace byot::telemetry {

/// What sends: OpenTelemetry's resource, as "service.name" and its value, and when it began to count.
struct otlp_source {
    std::vector<std::pair<std::string, std::string>> resource;
    std::string version; ///< this program's, of the scope
    wall_time started{};
};

/// An ExportMetricsServiceRequest in protobuf's wire format, as POST /v1/metrics takes it
/// (https://opentelemetry.io/docs/specs/otlp/#otlphttp). Sums are cumulative since `started`.
std::string otlp_metrics(const metric_values& values, const otlp_source& from, wall_time now);

/// An ExportTraceServiceRequest in protobuf's wire format, as POST /v1/traces takes it.
std::string otlp_spans(std::span<const span> spans, const otlp_source& from);

} // namespace byot::telemetry
