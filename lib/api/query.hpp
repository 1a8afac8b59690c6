#pragma once

#include "core/failure.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace byot::api {

/// The decoded value of a query's parameter, or nothing when it is absent.
/// Failure: `field_invalid` when it is there twice or its percent-encoding is malformed.
result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name);

} // namespace byot::api
