#include "config/variables.hpp"

#include "core/provider_table.hpp"
#include "environments.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <sstream>

using namespace byot::config;
using namespace byot::config::test;

namespace {

/// Reads `describe`'s lines back.
environment environment_of(const std::string& description) {
    environment variables;
    std::istringstream lines(description);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        variables.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
    return variables;
}

} // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(the_description_of_a_configuration_is_an_environment_that_gives_it_again) {
    const std::vector<environment> environments{
        with({}),
        with({{"BYOT_STORE", "firestore:shop/keys"},
              {"K_SERVICE", "byot"},
              {"BYOT_ROLE", "keys"},
              {"BYOT_RATE_PER_USER", "off"},
              {"BYOT_RATE_PER_IP", "7/h"},
              {"BYOT_IDLE_TIMEOUT", "1500ms"},
              {"BYOT_MAX_AI_BODY", "1025k"},
              {"BYOT_ALLOWED_ORIGINS", "https://a.example,https://b.example"},
              {"BYOT_LOG_LEVEL", "error"},
              {"BYOT_KEY_CHECK", "off"},
              {"BYOT_TOKEN_FIELD", "x-forwarded-authorization"},
              {"BYOT_REACTORS", "5"}}),
    };
    for (const auto& variables : environments) {
        const auto description = describe(parse(variables).values);
        const auto again = parse(environment_of(description));
        BOOST_TEST(again.problems.empty());
        BOOST_TEST(describe(again.values) == description);
    }
}

BOOST_AUTO_TEST_CASE(each_variable_has_its_line) {
    const auto description = describe(parse(with({})).values);
    for (const auto& row : variable_table())
        BOOST_TEST_CONTEXT(row.name) BOOST_TEST(environment_of(description).contains(row.name));
    BOOST_TEST(has_line(description, "BYOT_REQUEST_TIMEOUT=900s"));
    BOOST_TEST(has_line(description, "BYOT_MAX_AI_BODY=8m"));
    BOOST_TEST(has_line(description, "BYOT_RATE_PER_USER=60/m"));
    BOOST_TEST(has_line(description, "BYOT_STORE=sqlite:/var/lib/byot.db"));
    BOOST_TEST(has_line(description, "BYOT_GENKIT_AUDIENCE="));
}

BOOST_AUTO_TEST_CASE(no_secret_of_an_address_is_printed) {
    configuration values;
    values.firebase_keys_url.text = "https://u:secret@example.com/keys?key=secret";
    values.genkit_audience = "https://u:secret@example.com";
    values.identity_url.text = values.genkit_audience;
    values.genkit_url = values.identity_url;
    for (const auto& each : byot::provider_table)
        values.provider_urls.emplace(each.name, url_setting{"https://example.com?key=secret", {}});
    const auto description = describe(values);
    BOOST_TEST(description.find("secret@") == std::string::npos);
    BOOST_TEST(description.find("=secret") == std::string::npos);
    BOOST_TEST(has_line(description, "BYOT_FIREBASE_KEYS_URL=https://***@example.com/keys?***"));
}

BOOST_AUTO_TEST_CASE(no_value_is_quoted_in_a_problem) {
    for (const auto& row : variable_table()) {
        const auto text = problem_with(std::string(row.name), "https://u:hunter2@h/?hunter2 hunter2");
        BOOST_TEST_CONTEXT(text) BOOST_TEST(text.find("hunter2") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_reference_is_a_markdown_table_with_a_row_a_variable) {
    const auto text = reference();
    BOOST_TEST(text.starts_with("| Variable | Default | Meaning |\n|---|---|---|\n"));
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') ==
               static_cast<std::ptrdiff_t>(variable_table().size() + 2));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        BOOST_TEST_CONTEXT(line) BOOST_TEST(std::count(line.begin(), line.end(), '|') == 4);
    BOOST_TEST(has_line(text, "| BYOT_BIND | 0.0.0.0 | listen address |"));
    BOOST_TEST(has_line(text, "| BYOT_KEYRING | required | path of the keyring file |"));
    BOOST_TEST(text.find("| K_SERVICE | empty | ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_variable_has_two_rows) {
    std::vector<std::string_view> names;
    for (const auto& row : variable_table()) names.push_back(row.name);
    std::sort(names.begin(), names.end());
    BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
}

BOOST_AUTO_TEST_CASE(what_is_not_set_has_the_default_of_the_table) {
    const auto values = parse(with({})).values;
    for (const auto& row : variable_table()) {
        if (row.fallback.text.empty()) continue;
        BOOST_TEST_CONTEXT(row.name) BOOST_TEST(row.print(values) == row.fallback.text);
    }
}

BOOST_AUTO_TEST_CASE(this_processs_environment_is_read) {
    ::setenv("BYOT_TEST_OF_ENVIRONMENT", "a=b", 1);
    BOOST_TEST(process_environment().at("BYOT_TEST_OF_ENVIRONMENT") == "a=b");
    ::unsetenv("BYOT_TEST_OF_ENVIRONMENT");
    BOOST_TEST(!process_environment().contains("BYOT_TEST_OF_ENVIRONMENT"));
}

BOOST_AUTO_TEST_SUITE_END()
