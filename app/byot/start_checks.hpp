#pragma once

#include "config/configuration.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace byot::app {

/// What keeps `serve` from starting.
struct start_problems {
    std::vector<config::problem> wrong; ///< of the environment and of what it names, in this order
    /// Another listener has a port now: no fault of the configuration, since it may be this very service.
    std::vector<config::problem> taken;
};

/// The problems that parsing found, and all that can be found by looking: at the keyring, the SQLite file and
/// its folder, the credentials file, the addresses and ports. Makes and changes nothing and asks no other
/// machine. What depends on a variable with a problem is not looked at. Reads files, so it may block.
start_problems look_before_start(const config::parsed& environment);

/// A line each on standard error, "VARIABLE: sentence".
void print(const std::vector<config::problem>& problems);

/// A sentence for the operator that begins "cannot listen on ADDRESS:PORT: "; `why` is the system's.
std::string cannot_listen(const std::string& address, std::uint16_t port,
                          const boost::system::error_code& why);

} // namespace byot::app
