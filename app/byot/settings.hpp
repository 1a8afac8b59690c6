#pragma once

#include "api/application.hpp"
#include "config/configuration.hpp"
#include "instance.hpp"
#include "relay/relay.hpp"

#include <memory>
#include <optional>
#include <string>

namespace byot::app {

/// What the reactors' parts are made from, out of the configuration. Each throws std::runtime_error with a
/// sentence for the operator when that cannot be.

std::shared_ptr<const api::application_settings> settings_of(const config::configuration& values,
                                                             const development_parts& development);
/// Nothing for role keys. `genkit_url` is BYOT_GENKIT_URL, or the demo upstream's address.
std::optional<relay::relay_settings> upstream_of(const config::configuration& values,
                                                 const std::string& genkit_url);

} // namespace byot::app
