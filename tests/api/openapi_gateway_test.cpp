#include "api/openapi_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace byot;
using namespace byot::api;
namespace json = boost::json;

namespace {

json::object gateway_of(std::optional<unsigned> quota) {
    auto options = all_routes();
    options.is_gateway_template = true;
    options.gateway_quota = quota;
    return document_of(options);
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
            BOOST_TEST(backend.at("disable_auth").as_bool());
            BOOST_TEST(operation->at("security").as_array().empty() == !row.needs_identity);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_flow_may_last_longer_than_googles_default_of_fifteen_seconds) {
    const auto document = gateway_of(std::nullopt);
    const auto& backend = document.at("paths").at("/api/ai/{path=**}").at("post").at("x-google-backend");
    BOOST_TEST(backend.at("deadline").as_double() > 15.0);
    BOOST_TEST(backend.at("deadline").as_double() <= 3600.0); // Google's maximum
}

BOOST_AUTO_TEST_CASE(a_browser_can_ask_before_it_calls_and_needs_no_token_for_that) {
    const auto document = gateway_of(600);
    for (const auto& row : route_table) {
        if (!row.needs_identity) continue;
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
    auto options = all_routes();
    options.is_gateway_template = true;
    options.gateway_quota = 600;
    const auto text = openapi_document(options);
    BOOST_TEST(text.find("%{") == std::string::npos);
    for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at + 1)) {
        const auto name = text.substr(at + 2, text.find('}', at) - at - 2);
        BOOST_TEST((name == "keys_url" || name == "ai_url" || name == "project"), name);
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
    auto options = all_routes();
    options.is_gateway_template = true;
    const auto text = openapi_document(options);
    for (const auto* word : {"api_key", "x-google-quota", "x-google-management"})
        BOOST_TEST(text.find(word) == std::string::npos, word);
}

BOOST_AUTO_TEST_SUITE_END()
