#include "api/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace {

using namespace byot;
using namespace byot::api;

struct route_case {
    std::string_view method;
    std::string_view path;
    std::string_view name; ///< or empty: not found
    std::string_view rest;
};

constexpr served everything{true, true, true};

constexpr route_case cases[] = {
    {"POST", "/api/key", "saveKey", ""},
    {"DELETE", "/api/key", "removeKey", ""},
    {"GET", "/api/key/status", "keyStatus", ""},
    {"HEAD", "/api/key/status", "keyStatus", ""},
    {"POST", "/api/key/check", "checkKey", ""},
    {"POST", "/api/ai/interview", "askFlow", "interview"},
    {"POST", "/api/ai/a/b/c", "askFlow", "a/b/c"},
    {"GET", "/", "console", ""},
    {"GET", "/assets/console.js", "asset", "console.js"},
    {"POST", "/api/ai/", "", ""},
    {"POST", "/api/ai", "", ""},
    {"GET", "/api/key/", "", ""},
    {"GET", "/API/KEY/STATUS", "", ""},
    {"GET", "//", "", ""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(each_path_finds_its_route_or_none) {
    for (const auto& each : cases) {
        const auto found = find_route(each.method, each.path, everything);
        BOOST_TEST_CONTEXT(each.method << " " << each.path) {
            BOOST_REQUIRE(found.has_value() == !each.name.empty());
            if (found.has_error()) {
                BOOST_CHECK(found.error().why() == reason::route_unknown);
                continue;
            }
            BOOST_TEST(found.value().row->name == each.name);
            BOOST_TEST(found.value().rest == each.rest);
        }
    }
}

BOOST_AUTO_TEST_CASE(another_method_is_told_what_is_allowed) {
    const auto found = find_route("PUT", "/api/key", everything);
    BOOST_REQUIRE(found.has_error());
    BOOST_CHECK(found.error().why() == reason::method_not_allowed);
    BOOST_TEST(allowed_methods("/api/key", everything) == "POST, DELETE, OPTIONS");
    BOOST_TEST(allowed_methods("/api/key/status", everything) == "GET, HEAD, OPTIONS");
    BOOST_TEST(allowed_methods("/nowhere", everything) == "");
    BOOST_CHECK(find_route("get", "/", everything).error().why() == reason::method_not_allowed);
}

BOOST_AUTO_TEST_CASE(a_role_has_only_its_routes) {
    BOOST_CHECK(find_route("POST", "/api/key", {false, true, false}).error().why() == reason::route_unknown);
    BOOST_TEST(find_route("POST", "/api/key/check", {false, true, false}).has_value());
    BOOST_CHECK(find_route("POST", "/api/key/check", {true, false, false}).error().why() ==
                reason::route_unknown);
    BOOST_CHECK(find_route("POST", "/api/ai/x", {true, false, false}).error().why() == reason::route_unknown);
    BOOST_CHECK(find_route("POST", "/dev/token", {true, true, false}).error().why() == reason::route_unknown);
    BOOST_TEST(find_route("GET", "/health/live", {false, true, false}).has_value());
}

BOOST_AUTO_TEST_CASE(names_and_addresses_are_there_once) {
    std::set<std::string> names;
    std::set<std::string> addresses;
    for (const auto& row : route_table) {
        BOOST_TEST(names.emplace(row.name).second);
        BOOST_TEST(addresses.insert(std::string(row.method) + std::string(row.pattern)).second);
    }
}

BOOST_AUTO_TEST_SUITE_END()
