#pragma once

#include <cstdint>
#include <string>

namespace byot::app {

/// Throws std::runtime_error when another process listens there already. Without this question, a second
/// server of the same user would share the port (SO_REUSEPORT) and take half of the first one's connections.
void require_free_port(const std::string& address, std::uint16_t port);

} // namespace byot::app
