#include "core/provider_table.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>
#include <string>

using namespace byot;

BOOST_AUTO_TEST_SUITE(providers_table)

BOOST_AUTO_TEST_CASE(every_provider_is_found_by_its_name_alone) {
    std::set<std::string_view> names;
    for (const auto& each : provider_table) {
        BOOST_TEST(find_provider(each.name) == &each);
        BOOST_TEST(names.insert(each.name).second, each.name);
        BOOST_TEST(std::regex_match(std::string(each.name), std::regex("[a-z][a-z0-9-]{0,31}")));
    }
    for (const auto* none : {"", "OpenAI", "openai ", "open", "openai/../x"})
        BOOST_TEST(!find_provider(none));
}

BOOST_AUTO_TEST_CASE(every_provider_has_its_words_its_address_and_its_question) {
    for (const auto& each : provider_table) {
        BOOST_TEST_CONTEXT(each.name) {
            std::string variable = "BYOT_PROVIDER_URL_";
            for (const char c : each.name) variable += static_cast<char>(std::toupper(c));
            BOOST_TEST(each.address_variable == variable);
            BOOST_TEST(each.address.starts_with("https://"));
            BOOST_TEST(!each.address.ends_with("/"));
            BOOST_TEST(each.key_page.starts_with("https://"));
            BOOST_TEST(!each.title.empty());
            BOOST_TEST(each.question.path.starts_with("/"));
            BOOST_TEST(!each.question.key_field.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_pattern_takes_keys_as_they_are_shown_and_nothing_around_them) {
    const std::string hex(64, '0');
    const struct {
        std::string_view provider;
        std::string key;
    } rows[] = {
        {"googleai", "AIza" + std::string(35, 'x')},
        {"googleai", "AQ." + std::string(50, 'x')},
        {"openai", "sk-proj-" + std::string(150, 'x')},
        {"anthropic", "sk-ant-api03-" + std::string(95, 'x')},
        {"mistral", std::string(32, 'x')},
        {"openrouter", "sk-or-v1-" + hex},
        {"deepseek", "sk-" + hex.substr(32)},
    };
    for (const auto& row : rows) {
        const std::regex pattern(std::string(find_provider(row.provider)->key_pattern));
        BOOST_TEST(std::regex_search(row.key, pattern), row.key);
        for (const auto& wrong : {" " + row.key, row.key + "\n", "\"" + row.key + "\"", std::string()})
            BOOST_TEST(!std::regex_search(wrong, pattern), wrong);
    }
    for (const auto& each : provider_table) {
        const auto is_own = [&](const auto& row) { return row.provider == each.name; };
        BOOST_TEST(std::any_of(std::begin(rows), std::end(rows), is_own), each.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
