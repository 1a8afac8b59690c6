#pragma once

#include "core/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace byot::google {

/// Whether `pem` is an unencrypted RSA private key of at least 2048 bits, as service accounts have.
bool is_signing_key(const secret& pem);

/// RS256 (RFC 7518 §3.3) over `text`: the signature's bytes. Nothing when the key cannot sign.
std::optional<std::string> sign_rs256(const secret& pem, std::string_view text);

} // namespace byot::google
