#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace byot::telemetry {

/// Where a request belongs in a trace (W3C Trace Context §3.2).
struct trace_context {
    std::string_view trace_id; ///< 32 lower-case hexadecimal digits, not all zero
    std::string_view span_id;  ///< 16
    bool is_sampled = false;
};

/// A `traceparent` field of a version other than ff; nothing when it is malformed.
std::optional<trace_context> parse_traceparent(std::string_view value) noexcept;

} // namespace byot::telemetry
