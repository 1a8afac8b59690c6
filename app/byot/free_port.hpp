#pragma once

#include <boost/system/error_code.hpp>

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

/// That sentence, for a listener that could not be.
std::string cannot_listen(const std::string& address, std::uint16_t port,
                          const boost::system::error_code& why);

} // namespace byot::app
