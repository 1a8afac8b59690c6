#pragma once

#include <string_view>

namespace byot::telemetry {

/// Writes all bytes, waiting where the descriptor does not block; gives up when nobody will ever read them.
void write_all(int descriptor, std::string_view bytes) noexcept;

} // namespace byot::telemetry
