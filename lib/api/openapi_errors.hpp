#pragma once

#include "core/failure.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <span>

namespace byot::api::openapi {

/// The error table as JSON, a row a reason.
boost::json::array make_reason_table();

/// `components/responses`: one for each HTTP status that some of the reasons have, with an example of each
/// reason.
boost::json::object make_error_responses(std::span<const reason> reasons);

/// Adds to an operation's `responses` a reference for each status that the reasons have, saying which of
/// them it is.
void refer_to_errors(boost::json::object& responses, std::span<const reason> reasons);

} // namespace byot::api::openapi
