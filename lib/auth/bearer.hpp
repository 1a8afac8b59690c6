#pragma once

#include "core/failure.hpp"

#include <string_view>

namespace byot::auth {

/// The token of an Authorization field's value (RFC 6750 §2.1): the scheme `Bearer` in any case (RFC 9110
/// §11.1), one or more spaces, one b64token. The answer is a view into `authorization`.
/// Failures: `token_missing` when the field is empty, names another scheme or has no token after it;
/// `token_invalid` when what follows is not one b64token (inner white space, a list, other characters).
result<std::string_view> bearer_token(std::string_view authorization);

} // namespace byot::auth
