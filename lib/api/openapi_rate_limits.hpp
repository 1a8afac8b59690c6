#pragma once

#include <boost/json/object.hpp>

namespace byot::api::openapi {

/// Adds RateLimit-Policy and RateLimit to the `headers` of an answer.
void add_rate_limit_fields(boost::json::object& fields);

} // namespace byot::api::openapi
