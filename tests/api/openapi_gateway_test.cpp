#include "api/openapi_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace byot;
using namespace byot::api;
namespace json = boost::json;

namespace {

openapi_options with(const gateway_options& gateway) {
    auto options = all_routes();
    options.gateway = gateway;
    return options;
}

json::object gateway_of(std::optional<unsigned> quota) {
    gateway_options gateway;
    gateway.quota = quota;
    return document_of(with(gateway));
}

/// Each combination of the two choices, with and without a quota.
std::vector<gateway_options> all_gateways() {
    std::vector<gateway_options> all;
    for (const bool identifies_itself : {true, false}) {
        for (const bool checks_users : {true, false}) {
            for (const std::optional<unsigned> quota : {std::optional<unsigned>(), std::optional(600U)})
                all.push_back({identifies_itself, checks_users, std::chrono::seconds(1800), quota});
        }
    }
    return all;
}

/// The path as the gateway's wildcard has it.
std::string gateway_path(const route& row) {
    std::string path(row.pattern);
    if (const auto rest = path.find("{path}"); rest != std::string::npos) path.replace(rest, 6, "{path=**}");
    return path;
}

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_templates)

BOOST_AUTO_TEST_CASE(every_route_but_the_development_ones_is_there_at_its_service) {
    const auto document = gateway_of(std::nullopt);
    for (const auto& row : route_table) {
        BOOST_TEST_CONTEXT(row.method << " " << row.pattern) {
            const auto* operation = operation_of(document, gateway_path(row), row);
            BOOST_TEST_REQUIRE((operation != nullptr) == (row.served_by != audience::development));
            if (!operation) continue;
            const auto& backend = operation->at("x-google-backend").as_object();
            const auto* address = row.served_by == audience::ai_role ? "${ai_url}" : "${keys_url}";
            BOOST_TEST(backend.at("address").as_string() == address);
            BOOST_TEST(backend.at("jwt_audience").as_string() == address); // private, unless told otherwise
            BOOST_TEST(!backend.contains("disable_auth"));
            BOOST_TEST(operation->at("security").as_array().empty() == !row.needs_identity);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_flow_has_the_deadline_that_was_asked_for_and_all_else_a_short_one) {
    for (const auto seconds : {1, 900, 3600}) {
        gateway_options gateway;
        gateway.deadline = std::chrono::seconds(seconds);
        const auto document = document_of(with(gateway));
        for (const auto& [path, methods] : document.at("paths").as_object()) {
            for (const auto& [method, operation] : methods.as_object()) {
                if (method == "parameters") continue;
                const auto is_flow = std::string_view(path).starts_with("/api/ai/") && method == "post";
                const auto deadline = operation.at("x-google-backend").at("deadline").to_number<int>();
                BOOST_TEST(deadline == (is_flow ? seconds : 30), path << " " << method);
            }
        }
    }
    BOOST_TEST((gateway_options{}.deadline == std::chrono::seconds(900))); // BYOT_REQUEST_TIMEOUT's default
}

BOOST_AUTO_TEST_CASE(each_operation_identifies_itself_and_its_users_as_it_was_asked) {
    for (const auto& gateway : all_gateways()) {
        const auto document = document_of(with(gateway));
        const auto& definitions = document.at("securityDefinitions").as_object();
        BOOST_TEST(definitions.contains("firebase") == gateway.checks_users);
        BOOST_TEST(definitions.contains("api_key") == gateway.quota.has_value());
        for (const auto& [path, methods] : document.at("paths").as_object()) {
            for (const auto& [method, operation] : methods.as_object()) {
                if (method == "parameters") continue;
                const auto& backend = operation.at("x-google-backend").as_object();
                BOOST_TEST(backend.contains("jwt_audience") == gateway.identifies_itself);
                BOOST_TEST(backend.contains("disable_auth") == !gateway.identifies_itself);
                for (const auto& needed : operation.at("security").as_array()) {
                    BOOST_TEST(needed.as_object().contains("firebase") == gateway.checks_users);
                    BOOST_TEST(needed.as_object().contains("api_key") == gateway.quota.has_value());
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_browser_can_ask_before_it_calls_and_needs_no_token_for_that) {
    const auto document = gateway_of(600);
    for (const auto& row : route_table) {
        if (row.served_by == audience::development) continue;
        const auto& preflight = document.at("paths").at(gateway_path(row)).at("options").as_object();
        BOOST_TEST(preflight.at("security").as_array().empty(), row.pattern);
        BOOST_TEST(!preflight.contains("x-google-quota"), row.pattern);
    }
}

BOOST_AUTO_TEST_CASE(operation_names_are_unique) {
    const auto document = gateway_of(std::nullopt);
    std::set<std::string> names;
    for (const auto& [path, methods] : document.at("paths").as_object()) {
        for (const auto& [method, operation] : methods.as_object()) {
            if (method == "parameters") continue;
            const std::string name(operation.at("operationId").as_string());
            BOOST_TEST(names.insert(name).second, name);
        }
    }
}

BOOST_AUTO_TEST_CASE(identities_are_the_firebase_projects) {
    const auto document = gateway_of(std::nullopt);
    const auto& firebase = document.at("securityDefinitions").at("firebase").as_object();
    BOOST_TEST(firebase.at("x-google-issuer").as_string() == "https://securetoken.google.com/${project}");
    BOOST_TEST(firebase.at("x-google-audiences").as_string() == "${project}");
}

BOOST_AUTO_TEST_CASE(nothing_but_the_three_variables_looks_like_a_template) {
    for (const auto& gateway : all_gateways()) {
        const auto text = openapi_document(with(gateway));
        BOOST_TEST(text.find("%{") == std::string::npos);
        for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at + 1)) {
            const auto name = text.substr(at + 2, text.find('}', at) - at - 2);
            BOOST_TEST((name == "keys_url" || name == "ai_url" || name == "project"), name);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_quota_needs_an_api_key_for_every_call_it_counts) {
    const auto document = gateway_of(600);
    const auto& limit = document.at("x-google-management").at("quota").at("limits").at(0).as_object();
    BOOST_TEST(limit.at("values").at("STANDARD").to_number<unsigned>() == 600u);
    BOOST_TEST(document.at("x-google-management").at("metrics").at(0).at("name") == limit.at("metric"));
    for (const auto& row : route_table) {
        if (!row.needs_identity) continue;
        const auto* operation = operation_of(document, gateway_path(row), row);
        BOOST_TEST_REQUIRE(operation);
        BOOST_TEST(operation->contains("x-google-quota"), row.name);
        BOOST_TEST(operation->at("security").at(0).as_object().contains("api_key"), row.name);
    }
}

BOOST_AUTO_TEST_CASE(without_a_quota_nothing_asks_for_an_api_key) {
    const auto text = openapi_document(with({}));
    for (const auto* word : {"api_key", "x-google-quota", "x-google-management"})
        BOOST_TEST(text.find(word) == std::string::npos, word);
}

BOOST_AUTO_TEST_SUITE_END()
