#pragma once

#include "api/application.hpp"
#include "config/configuration.hpp"
#include "instance.hpp"
#include "limits/admission.hpp"
#include "relay/relay.hpp"

#include <memory>
#include <optional>

namespace byot::app {

/// What the reactors' parts are made from, out of the configuration.

std::shared_ptr<const api::application_settings> settings_of(const config::configuration& values,
                                                             const development_parts& development);
limits::admission_settings admission_settings_of(const config::configuration& values);
/// Nothing for role keys. `demo` is the demo upstream's address, when that stands in for BYOT_GENKIT_URL's.
std::optional<relay::relay_settings> upstream_of(const config::configuration& values,
                                                 const std::optional<url>& demo);

} // namespace byot::app
