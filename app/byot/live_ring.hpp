#pragma once

#include "config/configuration.hpp"
#include "telemetry/log.hpp"
#include "vault/live_keyring.hpp"

#include <memory>

namespace byot::app {

/// The private halves that the role cannot do without.
vault::keyring_needs needs_of(config::role role) noexcept;
/// On Cloud Run the keyring is a secret's volume.
vault::keyring_place place_of_keyring(const config::configuration& values) noexcept;

/// The keyring of BYOT_KEYRING, which tells the log what its file's rotations changed. `log` outlives it.
/// Throws std::runtime_error with a sentence for the operator when the file cannot be used.
std::shared_ptr<vault::live_keyring> live_ring_of(const config::configuration& values, telemetry::log& log);

} // namespace byot::app
