#pragma once

#include "api/application.hpp"
#include "config/configuration.hpp"
#include "instance.hpp"
#include "limits/admission.hpp"
#include "relay/relay.hpp"
#include "vault/keyring_file.hpp"
#include "vault/vault.hpp"

#include <memory>
#include <optional>

namespace byot::app {

/// What the reactors' parts are made from, out of the configuration.

std::shared_ptr<const api::application_settings> settings_of(const config::configuration& values,
                                                             const development_parts& development);
/// Where flows are; nothing for role keys. `demo` is the demo upstream's address, when that stands in for
/// BYOT_GENKIT_URL's.
std::optional<relay::relay_settings> upstream_of(const config::configuration& values,
                                                 const std::optional<url>& demo);

limits::admission_settings admission_settings_of(const config::configuration& values);
vault::vault_settings vault_settings_of(const config::configuration& values);

/// The private halves that the role cannot do without.
vault::keyring_needs needs_of(config::role role) noexcept;
/// On Cloud Run the keyring is a secret's volume.
vault::keyring_place place_of_keyring(const config::configuration& values) noexcept;

} // namespace byot::app
