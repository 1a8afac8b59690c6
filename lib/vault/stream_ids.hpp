#pragma once

#include "core/user_id.hpp"
#include "vault/keyring.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace byot::vault {

/// Marks an upstream's stream id as this user's: "id.MAC", the MAC in base64url, keyed from the newest
/// entry's opening half. Fit for a header field whenever `id` is. Precondition: that entry can open.
std::string sign_stream_id(const keyring& ring, const user_id& who, std::string_view id);

/// The upstream's own id when `signed_id` was made for this user under any entry of the keyring.
std::optional<std::string_view> check_stream_id(const keyring& ring, const user_id& who,
                                                std::string_view signed_id);

} // namespace byot::vault
