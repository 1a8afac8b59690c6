#pragma once

#include "api/openapi.hpp"

#include <boost/json/object.hpp>

namespace byot::api::openapi {

/// The gateway template of `openapi_document`.
boost::json::object make_gateway_template(const openapi_options& options);

} // namespace byot::api::openapi
