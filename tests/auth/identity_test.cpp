#include "auth/identity.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(user_id)

using byot::auth::is_acceptable_tenant;
using byot::auth::is_acceptable_uid;

BOOST_AUTO_TEST_CASE(ids_that_are_only_names_are_taken) {
    for (const std::string_view id : {"kRw1cXJ0bGVzQW5kRmlzaDEy",
                                      "a",
                                      "user@example.com",
                                      "auth0|5f7c",
                                      "a.b",
                                      "...",
                                      ".a",
                                      "a b",
                                      "%",
                                      "%4",
                                      "%zz",
                                      "50%",
                                      "%41bc",
                                      "__a",
                                      "a__",
                                      "_",
                                      "__",
                                      "___",
                                      "Zoë",
                                      "用户",
                                      "\U0001F600"}) {
        BOOST_TEST(is_acceptable_uid(id), id);
    }
}

BOOST_AUTO_TEST_CASE(ids_that_could_mean_more_than_a_name_are_refused) {
    for (const std::string_view id :
         {"",      ".",    "..",      "____", "__id7__",      "/",       "a/b",      "../x",
          "a\\b",  "a\nb", "a\rb",    "\t",   "a\x7F",        "\x1F",    "\xC2\x80", "a\xC2\x9F",
          "%2f",   "%2F",  "a%2e%2E", "%5c",  "%00",          "%0d%0a",  "%1F",      "%7f",
          "%252e", "%25",  "\xFF",    "\xC3", "\xED\xA0\x80", "\xC0\xAF"}) {
        BOOST_TEST(!is_acceptable_uid(id), id);
    }
    BOOST_TEST(!is_acceptable_uid(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(the_length_is_counted_in_characters) {
    const auto repeated = [](std::string_view character, int count) {
        std::string text;
        for (int n = 0; n < count; ++n) text += character;
        return text;
    };
    for (const auto* const character : {"u", "\xC3\xA9", "\xE7\x94\xA8", "\xF0\x9F\x98\x80"}) {
        BOOST_TEST(is_acceptable_uid(repeated(character, 128)), character);
        BOOST_TEST(!is_acceptable_uid(repeated(character, 129)), character);
    }
}

BOOST_AUTO_TEST_CASE(a_tenant_is_64_letters_digits_hyphens_and_underscores_at_most) {
    for (const std::string& id :
         {std::string("acme-x1y2z"), std::string("a"), std::string("A_0-"), std::string(64, 't')}) {
        BOOST_TEST(is_acceptable_tenant(id), id);
    }
    for (const std::string& id :
         {std::string(), std::string(65, 't'), std::string("."), std::string(".."), std::string("a.b"),
          std::string("a/b"), std::string("a\\b"), std::string("a b"), std::string(" a"), std::string("a%"),
          std::string("a:b"), std::string("a?b"), std::string("a#b"), std::string("zo\xC3\xAB"),
          std::string("a\nb"), std::string("a\x7F"), std::string("a\0b", 3), std::string("\xFF")}) {
        BOOST_TEST(!is_acceptable_tenant(id), id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
