#pragma once

#include "net/origin.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace byot::http {

/// An absolute http or https address.
struct url {
    net::origin origin;
    std::string path;  ///< as given, without a trailing '/', so a path can be put behind it; may be empty
    std::string query; ///< without '?'
};

/// RFC 3986; http and https only, no user information, no fragment. Nothing when it is not one.
std::optional<url> parse_url(std::string_view text);

} // namespace byot::http
