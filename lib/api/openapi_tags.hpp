#pragma once

#include "api/routes.hpp"

#include <boost/json/array.hpp>

namespace byot::api::openapi {

/// `tags`: the groups that the served operations are in, in the order of reading.
boost::json::array make_tags(served by);

} // namespace byot::api::openapi
