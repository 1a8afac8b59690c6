#pragma once

#include <boost/json/object.hpp>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace byot::api::openapi {

/// A reference to a component, `{"$ref":"#/components/schemas/NAME"}`.
boost::json::object reference_to(std::string_view section, std::string_view name);

/// `components/schemas`: every body of the service, the providers among them as an enumeration.
boost::json::object make_schemas(std::span<const std::string> providers);

/// The schemas that something in `users` refers to, directly or through another.
boost::json::object only_used(const boost::json::object& schemas,
                              std::initializer_list<const boost::json::object*> users);

} // namespace byot::api::openapi
