#include "api/openapi_operations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>

// The format: https://docs.cloud.google.com/api-gateway/docs/oasv2-extensions, /path-templating,
// /authenticating-users-firebase and https://cloud.google.com/endpoints/docs/openapi/quotas-configure.

namespace byot::api::openapi {
namespace {

/// Seconds for what is no flow: a key is tried at its provider within five.
constexpr std::int64_t short_deadline = 30;
constexpr std::string_view quota_metric = "byot-requests";

/// "/api/ai/{path}" as the gateway writes it when the last segment stands for several.
std::string gateway_path(std::string_view pattern) {
    constexpr std::string_view rest = "{path}";
    if (!pattern.ends_with(rest)) return std::string(pattern);
    return std::string(pattern.substr(0, pattern.size() - rest.size())) + "{path=**}";
}

boost::json::object make_backend(const route& row, const gateway_options& gateway, std::int64_t deadline) {
    const auto* const address = row.served_by == audience::ai_role ? "${ai_url}" : "${keys_url}";
    boost::json::object made{
        {"address", address}, {"path_translation", "APPEND_PATH_TO_ADDRESS"}, {"deadline", deadline}};
    if (gateway.identifies_itself) {
        made["jwt_audience"] = address;
    } else {
        made["disable_auth"] = true;
    }
    return made;
}

boost::json::array make_path_parameters() {
    return {{{"name", "path"}, {"in", "path"}, {"required", true}, {"type", "string"}}};
}

boost::json::array make_security(const route& row, const gateway_options& gateway) {
    boost::json::object needed;
    if (gateway.checks_users && row.needs_identity) needed["firebase"] = boost::json::array();
    if (gateway.quota && row.needs_identity) needed["api_key"] = boost::json::array();
    return needed.empty() ? boost::json::array() : boost::json::array{needed};
}

boost::json::object make_operation(const route& row, const gateway_options& gateway) {
    const bool is_flow = row.what == endpoint::ask_flow;
    const std::int64_t deadline = is_flow ? gateway.deadline.count() : short_deadline;
    const auto& about = description_of(row);
    boost::json::object responses;
    for (const auto& each : about.answers) {
        if (!responses.contains(each.status)) responses[each.status] = {{"description", each.meaning}};
    }
    if (!responses.contains("default")) responses["default"] = {{"description", "An error object."}};
    boost::json::object made{{"operationId", row.name},
                             {"tags", boost::json::array{about.tag}},
                             {"summary", about.summary},
                             {"description", about.description},
                             {"security", make_security(row, gateway)},
                             {"responses", std::move(responses)},
                             {"x-google-backend", make_backend(row, gateway, deadline)}};
    if (gateway.quota && row.needs_identity) made["x-google-quota"] = {{"metricCosts", {{quota_metric, 1}}}};
    return made;
}

/// A browser asks before it calls, without a token; the service answers for the origins it allows.
boost::json::object make_preflight(const route& row, const gateway_options& gateway) {
    return {{"operationId", std::string(row.name) + "Preflight"},
            {"tags", boost::json::array{description_of(row).tag}},
            {"summary", "Answer a CORS preflight"},
            {"description", "For pages of the origins that the service allows."},
            {"security", boost::json::array()},
            {"responses",
             {{"204", {{"description", "Pages of this origin may call."}}},
              {"default", {{"description", "An error object."}}}}},
            {"x-google-backend", make_backend(row, gateway, short_deadline)}};
}

boost::json::object make_paths(const gateway_options& gateway) {
    boost::json::object paths;
    for (const auto& row : route_table) {
        if (row.served_by == audience::development) continue;
        auto& entry = paths[gateway_path(row.pattern)];
        if (entry.is_null()) entry.emplace_object();
        auto& path = entry.as_object();
        if (row.pattern.ends_with('}')) path["parameters"] = make_path_parameters();
        path[member_name(row)] = make_operation(row, gateway);
        if (!path.contains("options")) path["options"] = make_preflight(row, gateway);
    }
    return paths;
}

/// The address and the scopes are what OpenAPI 2.0 demands of the kind; the gateway reads the x-google-*
/// alone.
boost::json::object make_firebase_definition() {
    return {{"type", "oauth2"},
            {"flow", "implicit"},
            {"authorizationUrl", "https://securetoken.google.com/${project}"},
            {"scopes", boost::json::object()},
            {"x-google-issuer", "https://securetoken.google.com/${project}"},
            {"x-google-jwks_uri", "https://www.googleapis.com/service_accounts/v1/metadata/x509/"
                                  "securetoken@system.gserviceaccount.com"},
            {"x-google-audiences", "${project}"}};
}

boost::json::object make_security_definitions(const gateway_options& gateway) {
    boost::json::object definitions;
    if (gateway.checks_users) definitions["firebase"] = make_firebase_definition();
    if (gateway.quota) definitions["api_key"] = {{"type", "apiKey"}, {"name", "x-api-key"}, {"in", "header"}};
    return definitions;
}

boost::json::object make_management(unsigned requests) {
    const boost::json::object metric{
        {"name", quota_metric}, {"displayName", "Requests"}, {"valueType", "INT64"}, {"metricKind", "DELTA"}};
    const boost::json::object limit{{"name", "byot-requests-per-minute"},
                                    {"metric", quota_metric},
                                    {"unit", "1/min/{project}"},
                                    {"values", {{"STANDARD", requests}}}};
    return {{"metrics", boost::json::array{metric}}, {"quota", {{"limits", boost::json::array{limit}}}}};
}

} // namespace

boost::json::object make_gateway_template(const openapi_options& options) {
    const auto& gateway = options.gateway.value();
    boost::json::object document{{"swagger", "2.0"},
                                 {"info",
                                  {{"title", "byot"},
                                   {"version", options.version},
                                   {"description", "Users' own AI provider keys, kept sealed."}}},
                                 {"schemes", {"https"}},
                                 {"consumes", {"application/json"}},
                                 {"produces", {"application/json"}},
                                 {"securityDefinitions", make_security_definitions(gateway)},
                                 {"tags", make_tags({})},
                                 {"paths", make_paths(gateway)}};
    if (gateway.quota) document["x-google-management"] = make_management(*gateway.quota);
    return document;
}

} // namespace byot::api::openapi
