#pragma once

#include "core/clock.hpp"

#include <string>

namespace byot::auth {

/// Who a verified token speaks for.
struct identity {
    std::string uid;        ///< claim `sub`, see `is_acceptable_uid`
    wall_time issued_at;    ///< claim `iat`
    wall_time signed_in_at; ///< claim `auth_time`
    wall_time expires_at;   ///< claim `exp`
};

} // namespace byot::auth
