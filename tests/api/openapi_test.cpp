#include "api/openapi_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace byot;
using namespace byot::api;
namespace json = boost::json;

namespace {

/// The object's member names, in order.
std::vector<std::string> names_in(const json::object& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object) names.emplace_back(name);
    return names;
}

/// Every text that a member "$ref" anywhere in the value has.
void collect_references(const json::value& in, std::set<std::string>& references) {
    if (const auto* array = in.if_array()) {
        for (const auto& each : *array) collect_references(each, references);
    }
    if (const auto* object = in.if_object()) {
        for (const auto& [name, value] : *object) {
            if (name == "$ref") references.emplace(value.as_string());
            collect_references(value, references);
        }
    }
}

std::set<std::string> texts_in(const json::value& array) {
    std::set<std::string> texts;
    for (const auto& each : array.as_array()) texts.emplace(each.as_string());
    return texts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(openapi_documents)

BOOST_AUTO_TEST_CASE(every_route_is_an_operation_of_its_name) {
    const auto document = document_of(all_routes());
    for (const auto& row : route_table) {
        BOOST_TEST_CONTEXT(row.method << " " << row.pattern) {
            const auto* operation = operation_of(document, std::string(row.pattern), row);
            BOOST_TEST_REQUIRE(operation);
            BOOST_TEST(operation->at("operationId").as_string() == row.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_operation_is_without_a_route) {
    std::size_t count = 0;
    const auto document = document_of(all_routes());
    for (const auto& [path, methods] : document.at("paths").as_object()) count += methods.as_object().size();
    BOOST_TEST(count == std::size(route_table));
}

BOOST_AUTO_TEST_CASE(no_description_is_without_a_route) {
    std::set<std::string_view> names;
    for (const auto& row : route_table) names.insert(row.name);
    for (const auto described : {openapi::user_operations(), openapi::service_operations()}) {
        for (const auto& each : described) BOOST_TEST(names.contains(each.name), each.name);
    }
}

BOOST_AUTO_TEST_CASE(a_route_that_is_not_served_is_not_listed) {
    auto options = all_routes();
    options.by = {.keys = false, .ai = true, .development = false};
    const auto& document = document_of(options);
    const auto& paths = document.at("paths").as_object();
    BOOST_TEST(paths.contains("/api/ai/{path}"));
    BOOST_TEST(paths.contains("/api/key/check"));
    BOOST_TEST(paths.contains("/health/ready"));
    for (const auto* path : {"/api/key", "/api/key/status", "/dev/token"}) BOOST_TEST(!paths.contains(path));
    BOOST_TEST(!document.at("components").at("schemas").as_object().contains("SaveKey"));
}

BOOST_AUTO_TEST_CASE(an_operation_asks_for_a_token_exactly_when_its_route_needs_an_identity) {
    const auto document = document_of(all_routes());
    for (const auto& row : route_table) {
        const auto* operation = operation_of(document, std::string(row.pattern), row);
        BOOST_TEST_REQUIRE(operation);
        const auto reasons = texts_in(operation->at("x-byot-reasons"));
        BOOST_TEST(operation->at("security").as_array().empty() == !row.needs_identity, row.name);
        BOOST_TEST(reasons.contains("TOKEN_EXPIRED") == row.needs_identity, row.name);
        BOOST_TEST(reasons.contains("MEDIA_TYPE_UNSUPPORTED") == (row.needs_identity && row.method != "GET"),
                   row.name);
        BOOST_TEST(reasons.contains("BODY_TOO_LARGE") == (row.takes != body_limit::none), row.name);
    }
}

BOOST_AUTO_TEST_CASE(the_error_table_is_whole_and_in_order) {
    const auto document = document_of(all_routes());
    const auto& table = document.at("x-byot-reasons").as_array();
    BOOST_TEST_REQUIRE(table.size() == reason_table().size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& row = reason_table()[i];
        BOOST_TEST(table[i].at("reason").as_string() == row.name);
        BOOST_TEST(table[i].at("code").to_number<unsigned>() == row.http_status);
        BOOST_TEST(table[i].at("status").as_string() == row.rpc_status);
        BOOST_TEST(table[i].at("message").as_string() == row.message);
        BOOST_TEST(table[i].at("retryAfter").to_number<long>() == row.retry_after.count());
    }
    BOOST_TEST(document.at("components").at("schemas").at("Reason").at("enum").as_array().size() ==
               table.size());
}

BOOST_AUTO_TEST_CASE(each_reason_of_an_operation_has_an_example_under_its_status) {
    const auto document = document_of(all_routes());
    const auto& responses = document.at("components").at("responses").as_object();
    for (const auto& row : route_table) {
        const auto* operation = operation_of(document, std::string(row.pattern), row);
        BOOST_TEST_REQUIRE(operation);
        for (const auto why : openapi::reasons_of(row)) {
            const auto& said = byot::describe(why);
            const auto status = std::to_string(said.http_status);
            BOOST_TEST(operation->at("responses").as_object().contains(status), row.name << " " << said.name);
            const auto& examples =
                responses.at("Error" + status).at("content").at("application/json").at("examples");
            const auto& error = examples.at(said.name).at("value").at("error");
            BOOST_TEST(error.at("message").as_string() == said.message);
            BOOST_TEST(error.at("details").at(0).at("reason").as_string() == said.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_relay_can_fail_in_every_way_that_the_upstream_can) {
    for (const auto& row : route_table) {
        const auto all = openapi::reasons_of(row);
        const std::set<reason> reasons(all.begin(), all.end());
        const bool is_flow = row.what == endpoint::ask_flow;
        for (const auto why : {reason::upstream_unreachable, reason::upstream_timeout,
                               reason::stream_not_yours, reason::too_many_streams}) {
            BOOST_TEST(reasons.contains(why) == is_flow, row.name << " " << byot::describe(why).name);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_opens_a_stored_key_may_find_none_or_one_that_does_not_open) {
    for (const auto& row : route_table) {
        const auto all = openapi::reasons_of(row);
        const std::set<reason> reasons(all.begin(), all.end());
        const bool opens_keys = row.what == endpoint::ask_flow || row.what == endpoint::check_key;
        for (const auto why : {reason::key_required, reason::key_expired, reason::key_undecryptable})
            BOOST_TEST(reasons.contains(why) == opens_keys, row.name << " " << byot::describe(why).name);
    }
}

BOOST_AUTO_TEST_CASE(only_saving_and_removing_may_find_a_session_revoked) {
    for (const auto& row : route_table) {
        const auto all = openapi::reasons_of(row);
        const bool asks = row.what == endpoint::save_key || row.what == endpoint::remove_key;
        BOOST_TEST((std::ranges::find(all, reason::token_revoked) != all.end()) == asks, row.name);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_says_what_the_provider_said_exactly_when_it_was_asked) {
    const auto document = document_of(all_routes());
    for (const auto& row : route_table) {
        const auto* operation = operation_of(document, std::string(row.pattern), row);
        BOOST_TEST_REQUIRE(operation);
        const auto* answer = operation->at("responses").as_object().if_contains("200");
        const auto* fields = answer ? answer->as_object().if_contains("headers") : nullptr;
        const bool asks = row.what == endpoint::save_key || row.what == endpoint::check_key;
        BOOST_TEST((fields && fields->as_object().contains("x-byot-key-check")) == asks, row.name);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_tells_of_the_limits_exactly_when_they_are_asked) {
    const auto document = document_of(all_routes());
    for (const auto& row : route_table) {
        const auto* operation = operation_of(document, std::string(row.pattern), row);
        const auto* answer = operation->at("responses").as_object().if_contains("200");
        if (!answer) continue;
        const auto* fields = answer->as_object().if_contains("headers");
        for (const auto* name : {"RateLimit", "RateLimit-Policy"}) {
            const bool tells = fields && fields->as_object().contains(name);
            BOOST_TEST(tells == is_limited(row.what), row.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_that_waits_says_so_in_its_fields) {
    const auto document = document_of(all_routes());
    const auto& responses = document.at("components").at("responses").as_object();
    for (const auto* status : {"429", "503"}) {
        const auto& fields = responses.at("Error" + std::string(status)).at("headers").as_object();
        BOOST_TEST(fields.contains("Retry-After"), status);
    }
    BOOST_TEST(responses.at("Error401").at("headers").as_object().contains("WWW-Authenticate"));
    BOOST_TEST(responses.at("Error415").at("headers").as_object().contains("Accept-Encoding"));
    BOOST_TEST(!responses.at("Error400").at("headers").as_object().contains("Retry-After"));
}

BOOST_AUTO_TEST_CASE(every_reference_leads_somewhere_and_every_component_is_referred_to) {
    const auto document = document_of(all_routes());
    std::set<std::string> references;
    collect_references(document, references);
    std::set<std::string> components;
    for (const auto* section : {"schemas", "responses"}) {
        for (const auto& name : names_in(document.at("components").at(section).as_object()))
            components.insert("#/components/" + std::string(section) + "/" + name);
    }
    BOOST_TEST(references == components, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(providers_version_and_server_are_the_deployments) {
    auto options = all_routes();
    options.server_url = "https://byot.example.com";
    const auto document = document_of(options);
    const auto& names = document.at("components").at("schemas").at("Provider").at("enum");
    BOOST_TEST(names == json::array({"googleai", "openai"}));
    const auto& words =
        document.at("components").at("schemas").at("Provider").at("x-byot-providers").as_array();
    BOOST_TEST_REQUIRE(words.size() == 2u);
    BOOST_TEST(words[1].at("name").as_string() == "openai");
    BOOST_TEST(words[1].at("title").as_string() == "OpenAI");
    BOOST_TEST(words[1].at("keyUrl").as_string() == "https://platform.openai.com/api-keys");
    BOOST_TEST(!words[1].at("pattern").as_string().empty());
    BOOST_TEST(document.at("info").at("version").as_string() == "1.2.3");
    BOOST_TEST(document.at("servers").at(0).at("url").as_string() == "https://byot.example.com");
    BOOST_TEST(document_of(all_routes()).at("servers").at(0).at("url").as_string() == "/");
}

BOOST_AUTO_TEST_CASE(every_tag_in_use_is_declared_and_no_other) {
    const auto document = document_of(all_routes());
    std::set<std::string> declared;
    std::set<std::string> used;
    for (const auto& each : document.at("tags").as_array()) declared.emplace(each.at("name").as_string());
    for (const auto& row : route_table) used.emplace(openapi::description_of(row).tag);
    BOOST_TEST(declared == used, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
