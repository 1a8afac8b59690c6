#include "config/addresses.hpp"

#include "environments.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot::config;
using namespace byot::config::test;

namespace {

const std::vector<std::string> loopback{"127.0.0.1",       "127.0.0.2",        "127.255.255.254", "::1",
                                        "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:127.9.9.9"};
const std::vector<std::string> elsewhere{
    "",          "0.0.0.0",     "::",           "10.0.0.1",        "128.0.0.1",
    "126.0.0.1", "::2",         "fe80::1",      "::ffff:10.0.0.1", "::ffff:0.0.0.0",
    "::7f00:1",  "2001:db8::1", "192.168.127.1"};

std::string with_emulator(const std::string& bind, const std::string& development) {
    return problems_of(with({{"FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099"},
                             {"BYOT_BIND", bind},
                             {"BYOT_DEVELOPMENT", development}}));
}

} // namespace

BOOST_AUTO_TEST_SUITE(development)

BOOST_AUTO_TEST_CASE(unsigned_tokens_are_taken_on_loopback) {
    for (const auto& bind : loopback) {
        BOOST_TEST(is_loopback_address(bind), bind);
        for (const std::string development : {"", "off", "on"})
            BOOST_TEST_CONTEXT(bind) BOOST_TEST(with_emulator(bind, development) == "");
    }
}

BOOST_AUTO_TEST_CASE(elsewhere_they_are_refused_unless_development_is_said) {
    for (const auto& bind : elsewhere) {
        BOOST_TEST_CONTEXT(bind) {
            BOOST_TEST(!is_loopback_address(bind));
            for (const std::string development : {"", "off"}) {
                const auto told = with_emulator(bind, development);
                BOOST_TEST(told.starts_with("FIREBASE_AUTH_EMULATOR_HOST: has unsigned tokens accepted"));
                BOOST_TEST(told.find("BYOT_DEVELOPMENT=on") != std::string::npos);
                BOOST_TEST(std::count(told.begin(), told.end(), '\n') == 1);
            }
            BOOST_TEST(with_emulator(bind, "on") == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(they_are_refused_beside_the_other_problems) {
    const auto told = problems_of(
        with({{"PORT", "http"}, {"FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099"}, {"BYOT_KEYRNG", "x"}}));
    for (const std::string name : {"PORT: ", "FIREBASE_AUTH_EMULATOR_HOST: ", "BYOT_KEYRNG: "})
        BOOST_TEST_CONTEXT(told) BOOST_TEST(told.find(name) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(on_cloud_run_nothing_allows_them) {
    const auto told = problems_of(with({{"FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099"},
                                        {"BYOT_DEVELOPMENT", "on"},
                                        {"BYOT_BIND", "127.0.0.1"},
                                        {"K_SERVICE", "byot"}}));
    for (const std::string name : {"FIREBASE_AUTH_EMULATOR_HOST", "BYOT_DEVELOPMENT"})
        BOOST_TEST_CONTEXT(told)
    BOOST_TEST(told.find(name + ": is refused when K_SERVICE is set") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(development_alone_changes_nothing) {
    BOOST_TEST(problem_with("BYOT_DEVELOPMENT", "on") == "");
    BOOST_TEST(values_of({{"BYOT_DEVELOPMENT", "on"}}).is_development);
    BOOST_TEST(!values_of({}).is_development);
}

BOOST_AUTO_TEST_SUITE_END()
