#pragma once

#include "core/failure.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

// `components` of the document: the objects that the service takes and gives, and its errors.
namespace byot::api::openapi {

/// A reference to a component, `{"$ref":"#/components/schemas/NAME"}`.
boost::json::object reference_to(std::string_view section, std::string_view name);

/// `components/schemas`: every body of the service, the providers among them as an enumeration.
boost::json::object make_schemas(std::span<const std::string> providers);

/// The schemas that something in `users` refers to, directly or through another.
boost::json::object only_used(const boost::json::object& schemas,
                              std::initializer_list<const boost::json::object*> users);

/// The error table as JSON, a row a reason.
boost::json::array make_reason_table();

/// `components/responses`: one for each HTTP status that some of the reasons have, with an example of each
/// reason.
boost::json::object make_error_responses(std::span<const reason> reasons);

/// Adds to an operation's `responses` a reference for each status that the reasons have, saying which of
/// them it is.
void refer_to_errors(boost::json::object& responses, std::span<const reason> reasons);

/// Adds RateLimit-Policy and RateLimit to the `headers` of an answer.
void add_rate_limit_fields(boost::json::object& fields);

} // namespace byot::api::openapi
