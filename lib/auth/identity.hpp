#pragma once

#include "core/clock.hpp"
#include "core/user_id.hpp"

#include <string_view>

namespace byot::auth {

/// Who a verified token speaks for.
struct identity {
    user_id user;           ///< claims `sub` and `firebase.tenant`, both acceptable
    wall_time issued_at;    ///< claim `iat`
    wall_time signed_in_at; ///< claim `auth_time`
    wall_time expires_at;   ///< claim `exp`
};

/// Whether a text may be a user's id here: well-formed UTF-8 of 1 to 128 characters (code points; Firebase's
/// own bound), and nothing that could mean more than a name where ids become document names, field values
/// and log lines. Refused are therefore control characters (C0, DEL, C1), '/' and '\', a percent-escape of
/// any of these or of '.' or '%', the ids "." and "..", and Firestore's reserved "__…__". Ids that Firebase
/// makes are 28 letters and digits; these bounds only touch ids that an application chose itself.
bool is_acceptable_uid(std::string_view uid) noexcept;

/// Whether a text may be an Identity Platform tenant's id here: 1 to 64 of A-Z, a-z, 0-9, '-' and '_'. Those
/// that Google makes are of 4 to 36 characters, [a-z][a-z0-9-]*.
bool is_acceptable_tenant(std::string_view tenant) noexcept;

} // namespace byot::auth
