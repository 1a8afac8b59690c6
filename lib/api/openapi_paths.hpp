#pragma once

#include "api/routes.hpp"

#include <boost/json/object.hpp>

namespace byot::api::openapi {

/// `paths`: an operation for each route served.
boost::json::object make_paths(served by);

} // namespace byot::api::openapi
