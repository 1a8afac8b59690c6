#include "core/secret_json.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

using namespace byot;

namespace {

using kind = json_token::kind;

/// The tokens in short: brackets as they are, names with a colon, text in quotes, numbers, and ? for others.
std::string told(std::string_view text) {
    const auto read = read_secret_json(text);
    if (!read) return "refused";
    std::string all;
    for (const auto& token : read->tokens) {
        if (token.what == kind::name) all += std::string(token.text) + ":";
        if (token.what == kind::string) all += "'" + std::string(token.text) + "'";
        if (token.what == kind::integer) all += std::to_string(token.number);
        if (token.what == kind::null) all += "null";
        if (token.what == kind::other) all += "?";
        if (token.what == kind::object_begin) all += "{";
        if (token.what == kind::object_end) all += "}";
        if (token.what == kind::array_begin) all += "[";
        if (token.what == kind::array_end) all += "]";
        all += " ";
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(secret_json_suite)

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_told_in_its_order) {
    BOOST_TEST(told(R"( {"a":"b","c":[1,-2,{}],"d":null} )") == "{ a: 'b' c: [ 1 -2 { } ] d: null } ");
    BOOST_TEST(told(R"([true,false,1.5,1e3])") == "[ ? ? ? ? ] ");
    BOOST_TEST(told(R"("alone")") == "'alone' ");
}

BOOST_AUTO_TEST_CASE(an_integer_has_its_value_only_where_64_bits_hold_it) {
    BOOST_TEST(told("9223372036854775807") == "9223372036854775807 ");
    BOOST_TEST(told("-9223372036854775808") == "-9223372036854775808 ");
    for (const auto* const wide : {"9223372036854775808", "18446744073709551615", "18446744073709551616"})
        BOOST_TEST(told(wide) == "? ");
}

BOOST_AUTO_TEST_CASE(escaped_text_is_told_as_what_it_stands_for) {
    BOOST_TEST(told(R"({"a\u0062\n":"\ud83d\udd11 \"\\ end"})") == "{ ab\n: '\xf0\x9f\x94\x91 \"\\ end' } ");
}

BOOST_AUTO_TEST_CASE(texts_lie_in_the_locked_memory) {
    const auto read = read_secret_json(R"({"apiKey":"sk-test"})");
    BOOST_TEST_REQUIRE(read.has_value());
    const auto memory = read->memory.expose();
    const auto text = read->tokens[2].text;
    BOOST_TEST(text == "sk-test");
    BOOST_TEST((text.data() >= memory.data() && text.data() + text.size() <= memory.data() + memory.size()));
}

BOOST_AUTO_TEST_CASE(what_is_no_json_or_too_deep_is_refused) {
    BOOST_TEST(told("[[[[1]]]]") == "[ [ [ [ 1 ] ] ] ] ");
    for (const auto* const text : {"", " ", "{", "[[[[[1]]]]]", "{\"a\":1,}", "[1] 2", "{/**/}", "//\n1",
                                   "\"\xff\"", "\"\\ud800\"", "nul", "01", "'a'"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(told(text) == "refused");
}

BOOST_AUTO_TEST_SUITE_END()
