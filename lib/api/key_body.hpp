#pragma once

#include "core/failure.hpp"
#include "core/secret.hpp"
#include "vault/vault.hpp"

#include <optional>
#include <string>

namespace byot::api {

/// What POST /api/key was given.
struct key_body {
    vault::save_request request;         ///< without its provider
    std::optional<std::string> provider; ///< as given
};

/// Reads {"apiKey"} or {"sealedKey","keyId","hint"?}, with optional "provider" and "expiresAt"; a member
/// that is null is absent. The key goes from locked memory to locked memory. Failures: `body_invalid` (no
/// JSON object), `field_invalid` with metadata "field" (a member missing, of the wrong kind, twice, unknown,
/// or not what it says).
result<key_body> read_key_body(const secret& json);

} // namespace byot::api
