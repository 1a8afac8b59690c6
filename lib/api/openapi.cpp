#include "api/openapi.hpp"

#include "api/key_input.hpp"
#include "api/openapi_components.hpp"
#include "api/openapi_operations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <set>

namespace byot::api {
namespace openapi {
namespace {

boost::json::array make_parameters(const operation& about) {
    boost::json::array parameters;
    for (const auto& each : about.parameters) {
        boost::json::object made{{"name", each.name},
                                 {"in", each.in},
                                 {"description", each.meaning},
                                 {"schema", boost::json::parse(each.schema)}};
        if (each.in == "path") made["required"] = true;
        parameters.push_back(std::move(made));
    }
    return parameters;
}

boost::json::object make_request_body(const operation& about) {
    boost::json::object examples;
    for (const auto& each : about.requests) {
        examples[each.name] = {{"value", boost::json::parse(each.json)}};
    }
    const boost::json::object content{{"schema", reference_to("schemas", about.request_schema)},
                                      {"examples", std::move(examples)}};
    return {{"required", true}, {"content", {{"application/json", content}}}};
}

boost::json::object make_content(const answer& how) {
    boost::json::object content;
    const bool is_text = how.schema.empty();
    content["schema"] =
        is_text ? boost::json::object{{"type", "string"}} : reference_to("schemas", how.schema);
    if (!how.example.empty()) {
        content["example"] = is_text ? boost::json::value(how.example) : boost::json::parse(how.example);
    }
    return content;
}

boost::json::object make_answer_fields(const route& row, std::span<const answer_field> fields) {
    boost::json::object made;
    if (is_limited(row.what)) add_rate_limit_fields(made);
    if (is_about_keys(row.what)) {
        made["x-byot-client-address"] = {
            {"description",
             "Under which address the request is counted, how many entries its X-Forwarded-For had, and "
             "how many proxies the service is told to trust. Not for pages."},
            {"schema", {{"type", "string"}, {"examples", {"203.0.113.9; entries=1; hops=1"}}}}};
    }
    for (const auto& each : fields) {
        made[each.name] = {{"description", each.meaning}, {"schema", boost::json::parse(each.schema)}};
    }
    return made;
}

boost::json::object make_responses(const route& row, const operation& about) {
    boost::json::object responses;
    for (const auto& each : about.answers) {
        auto& response = responses[each.status];
        if (response.is_null()) response = {{"description", each.meaning}};
        if (each.media_type.empty()) continue;
        auto& content = response.as_object()["content"];
        if (content.is_null()) content.emplace_object();
        content.as_object()[each.media_type] = make_content(each);
    }
    if (auto fields = make_answer_fields(row, about.answer_fields); !fields.empty())
        responses["200"].as_object()["headers"] = std::move(fields);
    refer_to_errors(responses, reasons_of(row));
    return responses;
}

boost::json::array names_of(const std::vector<reason>& reasons) {
    boost::json::array names;
    for (const auto each : reasons) names.emplace_back(byot::describe(each).name);
    return names;
}

boost::json::array make_security(const route& row) {
    if (!row.needs_identity) return {};
    const boost::json::object bearer{{"firebase", boost::json::array()}};
    return boost::json::array{bearer};
}

boost::json::object make_operation(const route& row) {
    const auto& about = description_of(row);
    boost::json::object made{{"operationId", row.name},
                             {"tags", boost::json::array{about.tag}},
                             {"summary", about.summary},
                             {"description", about.description}};
    made["security"] = make_security(row);
    if (!about.parameters.empty()) made["parameters"] = make_parameters(about);
    if (!about.request_schema.empty()) made["requestBody"] = make_request_body(about);
    made["responses"] = make_responses(row, about);
    made["x-byot-reasons"] = names_of(reasons_of(row));
    return made;
}

/// `paths`: an operation for each route served.
boost::json::object make_paths(served by) {
    boost::json::object paths;
    for (const auto& row : route_table) {
        if (!is_served(row, by)) continue;
        auto& path = paths[row.pattern];
        if (path.is_null()) path.emplace_object();
        path.as_object()[member_name(row)] = make_operation(row);
    }
    return paths;
}

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
