#pragma once

#include <optional>
#include <string>

namespace byot::net {

/// Why no certificate of another machine can be verified (`make_client_tls`): a sentence for the operator, or
/// nothing. Reads no more of the system's store than its first certificate.
std::optional<std::string> why_nobody_is_trusted();

} // namespace byot::net
