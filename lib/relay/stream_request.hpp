#pragma once

#include <string_view>

namespace byot::relay {

/// Whether an Accept field (RFC 9110 §12.5.1) names text/event-stream itself, in any
/// case, with any parameters, and not with a weight of zero. A wildcard asks for nothing in particular.
bool accepts_event_stream(std::string_view accept) noexcept;

/// Whether a query asks Genkit's servers for a stream: a parameter whose name is exactly `stream` and whose
/// value is exactly `true`, both once decoded (application/x-www-form-urlencoded).
bool query_asks_for_stream(std::string_view query) noexcept;

} // namespace byot::relay
