#include "config/unknown_variables.hpp"
#include "config/variables.hpp"

#include "environments.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot::config;
using namespace byot::config::test;

BOOST_AUTO_TEST_SUITE(unknown)

BOOST_AUTO_TEST_CASE(a_typo_is_answered_with_the_nearest_name) {
    const std::vector<std::pair<std::string, std::string>> typos{
        {"BYOT_KEYRNG", "BYOT_KEYRING"},
        {"BYOT_ALOWED_ORIGIN", "BYOT_ALLOWED_ORIGINS"},
        {"BYOT_RAET_PER_IP", "BYOT_RATE_PER_IP"},
        {"BYOT_RATE_PER_USERS", "BYOT_RATE_PER_USER"},
        {"BYOT_PROVIDER_URL_OPENIA", "BYOT_PROVIDER_URL_OPENAI"},
        {"BYOT_STORAGE", "BYOT_STORE"},
        {"BYOT_PORT", "PORT"},
        {"BYOT_LOGLEVEL", "BYOT_LOG_LEVEL"},
        {"BYOT_KEYRING_FILE", "BYOT_KEYRING"},
        {"BYOT_SERVER_PORT", "PORT"},
        {"BYOT_ORIGINS", "BYOT_ALLOWED_ORIGINS"},
        {"BYOT_GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"},
        {"BYOT_FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST"},
        {"BYOT_BND", "BYOT_BIND"},
    };
    for (const auto& [typo, meant] : typos) {
        BOOST_TEST_CONTEXT(typo) {
            BOOST_TEST(problem_with(typo, "secret") ==
                       typo + ": is not a known variable; did you mean " + meant + "?\n");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_name_far_from_any_other_is_answered_with_where_the_list_is) {
    // A word of several names is near to none of them.
    for (const std::string name : {"BYOT_DEBUG", "BYOT_AAA", "BYOT_", "BYOT_X", "BYOT_DATABASE_PASSWORD",
                                   "BYOT_TIMEOUT", "BYOT_URL", "BYOT_COLOUR_OF_THE_CONSOLE", "BYOT___"}) {
        BOOST_TEST(problem_with(name, "secret") ==
                   name + ": is not a known variable; `byot config-reference` lists them all\n");
    }
}

BOOST_AUTO_TEST_CASE(what_kubernetes_sets_for_a_service_is_named_as_that) {
    const std::vector<std::pair<std::string, std::string>> links{
        {"BYOT_SERVICE_HOST", "10.0.0.1"},
        {"BYOT_SERVICE_PORT", "8080"},
        {"BYOT_SERVICE_PORT_HTTP", "8080"},
        {"BYOT_PORT", "tcp://10.0.0.1:8080"},
        {"BYOT_PORT_8080_TCP", "tcp://10.0.0.1:8080"},
        {"BYOT_PORT_8080_TCP_PROTO", "tcp"},
        {"BYOT_PORT_8080_TCP_PORT", "8080"},
        {"BYOT_PORT_8080_TCP_ADDR", "10.0.0.1"},
        {"BYOT_KEYS_SERVICE_HOST", "10.0.0.1"},
        {"BYOT_ADMIN_PORT", "tcp://10.0.0.1:9090"}, // a name that is ours
    };
    for (const auto& [name, value] : links)
        BOOST_TEST(problem_with(name, value) == name + ": " + std::string(whose_service_links_are) + "\n");
}

BOOST_AUTO_TEST_CASE(a_known_name_is_nearest_to_itself) {
    for (const auto& row : variable_table()) BOOST_TEST(nearest_name(row.name) == row.name, row.name);
}

BOOST_AUTO_TEST_CASE(a_name_far_longer_than_any_other_still_has_a_nearest_one) {
    const std::string tail(100'000, 'X');
    BOOST_TEST(nearest_name("BYOT_PROVIDER_URL_OPENAI_" + tail) == "BYOT_PROVIDER_URL_OPENAI");
    BOOST_TEST(problem_with("BYOT_" + tail, "1").starts_with("BYOT_" + tail + ": is not a known variable"));
}

BOOST_AUTO_TEST_CASE(a_provider_that_this_service_does_not_know_has_no_address) {
    BOOST_TEST(problems_of(with({{"BYOT_PROVIDER_URL_MISTRALX", "https://a.b"}}))
                   .starts_with("BYOT_PROVIDER_URL_MISTRALX: is not a known variable; did you mean "
                                "BYOT_PROVIDER_URL_MISTRAL?"));
}

BOOST_AUTO_TEST_CASE(every_unknown_variable_is_told) {
    const auto text = problems_of(with({{"BYOT_AAA", "1"}, {"BYOT_ZZZ", "1"}}));
    BOOST_TEST(text.find("BYOT_AAA: ") == 0u);
    BOOST_TEST(text.find("\nBYOT_ZZZ: ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
