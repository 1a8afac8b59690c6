#pragma once

#include "core/failure.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byot::api {

/// One parameter of a query, decoded.
struct parameter {
    std::string name;
    std::string value; ///< empty without '=' too
};

/// The query's parameters in order (application/x-www-form-urlencoded); nothing between two '&' is none.
/// Failure: `field_invalid` when a percent-encoding is malformed.
result<std::vector<parameter>> read_query(std::string_view query);

/// The decoded value of a query's parameter, or nothing when it is absent.
/// Failure: `field_invalid` when it is there twice or its percent-encoding is malformed.
result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name);

} // namespace byot::api
