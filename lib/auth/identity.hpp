#pragma once

#include "core/clock.hpp"
#include "core/user_id.hpp"

namespace byot::auth {

/// Who a verified token speaks for.
struct identity {
    user_id user;           ///< claims `sub` and `firebase.tenant`, see acceptable_ids.hpp
    wall_time issued_at;    ///< claim `iat`
    wall_time signed_in_at; ///< claim `auth_time`
    wall_time expires_at;   ///< claim `exp`
};

} // namespace byot::auth
