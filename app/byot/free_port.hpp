#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace byot::app {

/// Why nobody can listen there now.
struct port_problem {
    std::string message; ///< a sentence for the operator that begins "cannot listen on ADDRESS:PORT: "
    bool is_taken;       ///< by another listener, which may go; otherwise address and port are no choice here
};

/// Asks by binding the address for a moment, without listening; nothing when one could listen. Port 0 asks
/// about the address alone.
std::optional<port_problem> why_no_listener(const std::string& address, std::uint16_t port);

/// Throws std::runtime_error with that sentence. Without this question, a second server of the same user
/// would share the port (SO_REUSEPORT) and take half of the first one's connections.
void require_free_port(const std::string& address, std::uint16_t port);

} // namespace byot::app
