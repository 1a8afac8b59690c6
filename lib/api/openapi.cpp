#include "api/openapi.hpp"

#include "api/openapi_errors.hpp"
#include "api/openapi_gateway.hpp"
#include "api/openapi_operation.hpp"
#include "api/openapi_paths.hpp"
#include "api/openapi_schemas.hpp"
#include "api/openapi_tags.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <set>

namespace byot::api {
namespace openapi {
namespace {

constexpr std::string_view introduction = "Lets each user of an application bring their own AI provider key: "
                                          "it is stored sealed, and every AI request "
                                          "goes through this service to the application's Genkit flows with "
                                          "that user's key, streamed back piece by "
                                          "piece.\n\n"
                                          "Every `/api` address takes a Firebase ID token as a bearer token. "
                                          "GET also answers HEAD, pages of allowed "
                                          "origins may call (CORS), and each answer carries `x-request-id`. "
                                          "Bodies come without a content coding. "
                                          "Whatever is no success is the `Error` object; "
                                          "its `reason` is what programs should look at.";

boost::json::object make_info(const openapi_options& options) {
    return {{"title", "byot"},
            {"version", options.version},
            {"summary", "Bring your own token: users' own AI provider keys, kept sealed."},
            {"description", introduction}};
}

std::vector<reason> reasons_in_use(served by) {
    std::set<reason> used;
    for (const auto& row : route_table) {
        if (!is_served(row, by)) continue;
        const auto more = reasons_of(row);
        used.insert(more.begin(), more.end());
    }
    return {used.begin(), used.end()};
}

boost::json::object make_components(const openapi_options& options, const boost::json::object& paths) {
    const boost::json::object bearer{{"type", "http"},
                                     {"scheme", "bearer"},
                                     {"bearerFormat", "JWT"},
                                     {"description", "A Firebase ID token of the application's project."}};
    auto responses = make_error_responses(reasons_in_use(options.by));
    auto schemas = only_used(make_schemas(options.providers), {&paths, &responses});
    return {{"schemas", std::move(schemas)},
            {"responses", std::move(responses)},
            {"securitySchemes", {{"firebase", bearer}}}};
}

boost::json::object make_document(const openapi_options& options) {
    const std::string server = options.server_url.empty() ? "/" : options.server_url;
    auto paths = make_paths(options.by);
    auto components = make_components(options, paths);
    return {{"openapi", "3.1.0"},
            {"info", make_info(options)},
            {"servers", boost::json::array{{{"url", server}}}},
            {"tags", make_tags(options.by)},
            {"paths", std::move(paths)},
            {"components", std::move(components)},
            {"x-byot-reasons", make_reason_table()}};
}

} // namespace
} // namespace openapi

std::string openapi_document(const openapi_options& options) {
    return boost::json::serialize(options.gateway ? openapi::make_gateway_template(options)
                                                  : openapi::make_document(options));
}

} // namespace byot::api
