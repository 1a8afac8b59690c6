// What the tests of both documents use to read them.
#pragma once

#include "api/openapi.hpp"
#include "api/openapi_operations.hpp"

#include <boost/json/parse.hpp>

#include <string>

namespace byot::api {

/// Every route there is.
inline openapi_options all_routes() {
    openapi_options options;
    options.providers = {"googleai", "openai"};
    options.version = "1.2.3";
    options.by.development = true;
    return options;
}

inline boost::json::object document_of(const openapi_options& options) {
    return boost::json::parse(openapi_document(options)).as_object();
}

/// The route's operation under that path, or nothing.
inline const boost::json::object* operation_of(const boost::json::object& document, const std::string& path,
                                               const route& row) {
    const auto* methods = document.at("paths").as_object().if_contains(path);
    const auto* found = methods ? methods->as_object().if_contains(openapi::member_name(row)) : nullptr;
    return found ? &found->as_object() : nullptr;
}

} // namespace byot::api
