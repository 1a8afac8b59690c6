#pragma once

#include "auth/revocation.hpp"
#include "reactor_parts.hpp"

#include <optional>

namespace byot::app {

/// Asks Firebase, or the Auth emulator, whether sessions were revoked. Nothing when BYOT_REVOCATION_CHECK is
/// off.
std::optional<auth::revocation_check> make_revocation_check(net::reactor& home, net::connection_pool& pool,
                                                            const shared_parts& shared);

} // namespace byot::app
