#include "core/json.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>

using namespace std::string_literals;
using namespace std::string_view_literals;
using byot::parse_json;

namespace {

std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += open;
    text += "1";
    for (std::size_t i = 0; i < depth; ++i) text += close;
    return text;
}

constexpr std::string_view accepted[] = {
    "null",
    "true",
    "0",
    "-0",
    "-1.5e3",
    "1E+2",
    R"("text")",
    "[]",
    "{}",
    " \t\r\n[ 1 , 2 ]\n\r\t ",
    R"({"a":1,"b":{"a":1,"b":[{"a":1},{"a":1}]}})",
    R"({"":1,"a":2})",
    R"({"a":1,"A":2})",
    R"({"a":{"b":1},"b":2})",
    "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\x91\"",
    R"("\ud83d\udd11")",
    R"("\u0000\u001f\"\\\/\b\f\n\r\t")",
    R"("\uD7FF\uE000\uFFFF")",
    "18446744073709551615",
    "-9223372036854775808",
    "1e308",
    "1e-400",
};

constexpr std::string_view refused[] = {
    // no value, or more than one
    "",
    " ",
    "1 2",
    "{}{}",
    "[]x",
    "null\0"sv,
    "\0null"sv,
    "{}\0{}"sv,
    "\xEF\xBB\xBF{}", // a byte order mark
    "\xFE\xFF\0{\0}"sv,
    // cut off
    "{",
    "[",
    "[1",
    "[1,",
    R"({"a")",
    R"({"a":)",
    R"({"a":1)",
    R"({"a":1,)",
    R"("abc)",
    R"("\)",
    R"("\u12)",
    "tru",
    "-",
    "1.",
    "1e",
    // liberties that others take
    "[1,]",
    R"({"a":1,})",
    "[,1]",
    "[1 2]",
    R"({"a" 1})",
    R"({"a":1 "b":2})",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "[1]//",
    "/**/1",
    "[1,/* */2]",
    "# 1",
    "True",
    "NULL",
    "undefined",
    "\v1",
    "\f1",
    "\xC2\xA0"
    "1",
    // numbers
    "01",
    "-01",
    "+1",
    ".5",
    "1.e3",
    "0x10",
    "1_000",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1e400",
    "[1e309]",
    "1e999999999999999999999",
    "1e+400",
    "123456789e400",
    // strings
    "\"\0\""sv,
    "\"a\nb\"",
    "\"\t\"",
    "\"\x1F\"",
    "\"\r\"",
    R"("\a")",
    R"("\x41")",
    R"("\u00g0")",
    R"("\U0041")",
    R"("\'")",
    // UTF-8
    "\"\x80\"",
    "\"\xC0\x80\"",
    "\"\xC3\"",
    "\"\xE2\x82\"",
    "\"\xED\xA0\x80\"",
    "\"\xED\xA0\xBD\xED\xB4\x91\"",
    "\"\xF4\x90\x80\x80\"",
    "\"\xFF\"",
    "{\"\xFF\":1}",
    "{\"\xC0\xAF\":1}",
    // surrogates
    R"("\ud83d")",
    R"("\udd11")",
    R"("\ud83dx")",
    R"("\ud83d\n")",
    R"("\ud83d\u0041")",
    R"("\ud83d\ud83d")",
    R"("\udd11\ud83d")",
    R"({"\ud83d":1})",
    R"({"\udd11":1})",
    // names that come twice
    R"({"a":1,"a":1})",
    R"({"a":1,"b":2,"a":3})",
    R"({"a":1,"\u0061":2})",
    R"({"\/":1,"/":2})",
    R"({"":1,"":2})",
    R"({"\u0000":1,"\u0000":2})",
    R"({"\ud83d\udd11":1,"🔑":2})",
    R"({"x":{"a":1,"a":2}})",
    R"([[{"a":1,"a":2}]])",
    R"({"a":{"a":1},"b":1,"a":{}})",
    R"([{"a":1},{"a":1,"a":1}])",
    R"({"x":{"y":1},"y":{"x":1},"x":1})",
};

} // namespace

BOOST_AUTO_TEST_SUITE(json_parsing)

BOOST_AUTO_TEST_CASE(json_of_rfc8259_is_accepted) {
    for (const auto text : accepted) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(parse_json(text).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_two_readers_could_read_differently_is_refused) {
    for (const auto text : refused) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!parse_json(text).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(every_prefix_of_an_object_is_refused) {
    const std::string text = R"({"name":"v\u00e4\ud83d\udd11","list":[1,2.5,-3e4,true,null],"in":{"x":"y"}})";
    BOOST_REQUIRE(parse_json(text).has_value());
    for (std::size_t length = 0; length < text.size(); ++length) {
        BOOST_REQUIRE_MESSAGE(!parse_json(text.substr(0, length)), text.substr(0, length));
    }
}

BOOST_AUTO_TEST_CASE(any_byte_that_no_character_has_is_refused_wherever_it_stands) {
    const std::string text = R"({"name":"value","list":[1,2.5]})";
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char byte : {'\0', '\x01', '\x80', '\xFF'}) {
            auto broken = text;
            broken[at] = byte;
            BOOST_REQUIRE(!parse_json(broken));
        }
    }
}

BOOST_AUTO_TEST_CASE(thirty_two_levels_are_read_and_thirty_three_are_not) {
    BOOST_TEST(parse_json(nested(32, "[", "]")).has_value());
    BOOST_TEST(!parse_json(nested(33, "[", "]")).has_value());
    BOOST_TEST(parse_json(nested(32, R"({"a":)", "}")).has_value());
    BOOST_TEST(!parse_json(nested(33, R"({"a":)", "}")).has_value());
    BOOST_TEST(parse_json(nested(16, R"([{"a":)", "}]")).has_value());
    BOOST_TEST(!parse_json(nested(17, R"([{"a":)", "}]")).has_value());
    BOOST_TEST(!parse_json(std::string(1'000'000, '[')).has_value());
}

BOOST_AUTO_TEST_CASE(as_many_levels_are_read_as_the_format_asks_for) {
    for (const std::size_t deepest : {1u, 31u, 32u, 33u, 100u, 1000u}) {
        BOOST_TEST_CONTEXT(deepest) {
            BOOST_TEST(parse_json(nested(deepest, "[", "]"), deepest).has_value());
            BOOST_TEST(!parse_json(nested(deepest + 1, "[", "]"), deepest).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(many_siblings_do_not_count_as_levels) {
    std::string text = "[";
    for (int i = 0; i < 100; ++i) text += "[{}],";
    text += "{}]";
    BOOST_TEST(parse_json(text).has_value());
}

BOOST_AUTO_TEST_CASE(a_name_that_comes_twice_is_found_among_thousands) {
    std::string text = "{";
    for (int i = 0; i < 5000; ++i) text += "\"name" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    BOOST_TEST(parse_json(text + R"("other":0})").has_value());
    BOOST_TEST(!parse_json(text + R"("name2500":0})").has_value());
}

BOOST_AUTO_TEST_CASE(long_names_and_texts_come_whole) {
    const std::string name(100'000, 'n');
    const std::string value(100'000, 'v');
    const auto object = byot::parse_json_object("{\"" + name + "\":\"\\n" + value + "\"}");
    BOOST_REQUIRE(object.has_value());
    BOOST_TEST((byot::string_member(*object, name) == "\n" + value));
    BOOST_TEST(!parse_json("{\"" + name + "\":1,\"" + name + "\":2}").has_value());
}

BOOST_AUTO_TEST_CASE(long_names_with_escapes_are_compared_whole) {
    // Names this long reach the parser's callbacks in several parts.
    const auto name = [](char first) {
        std::string text(1, first);
        for (int i = 0; i < 5000; ++i) text += "n\\n";
        return "\"" + text + "\"";
    };
    BOOST_TEST(parse_json("{" + name('a') + ":1," + name('b') + ":2}").has_value());
    BOOST_TEST(!parse_json("{" + name('a') + ":1," + name('a') + ":2}").has_value());
    BOOST_TEST(parse_json("[{" + name('a') + ":1},{" + name('a') + ":2}]").has_value());
}

BOOST_AUTO_TEST_CASE(values_are_what_the_text_says) {
    const auto object = byot::parse_json_object(
        R"({"text":"z\u00e4\ud83d\udd11","nul":"a\u0000b","big":18446744073709551615,"low":-7,"half":0.5,"yes":true,"no":null,"list":[1,"2"]})");
    BOOST_REQUIRE(object.has_value());
    BOOST_TEST((byot::string_member(*object, "text") == "z\xC3\xA4\xF0\x9F\x94\x91"));
    BOOST_TEST((byot::string_member(*object, "nul") == "a\0b"sv));
    BOOST_TEST(object->at("big").as_uint64() == 18446744073709551615u);
    BOOST_TEST(object->at("low").as_int64() == -7);
    BOOST_TEST(object->at("half").as_double() == 0.5);
    BOOST_TEST(object->at("yes").as_bool());
    BOOST_TEST(object->at("no").is_null());
    BOOST_TEST(boost::json::serialize(object->at("list")) == R"([1,"2"])");
    BOOST_TEST(object->size() == 8u);
}

BOOST_AUTO_TEST_CASE(an_object_is_asked_for_and_nothing_else_taken) {
    BOOST_TEST(byot::parse_json_object(R"({"a":1})").has_value());
    for (const auto text : {"[]", "null", "1", R"("{}")", "[{}]", "{", ""}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!byot::parse_json_object(text).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_member_of_another_kind_is_no_text) {
    const auto object = byot::parse_json_object(R"({"a":"","b":1,"c":null,"d":["x"],"e":{}})");
    BOOST_REQUIRE(object.has_value());
    BOOST_TEST((byot::string_member(*object, "a") == ""sv));
    for (const auto name : {"b", "c", "d", "e", "f", "A"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(!byot::string_member(*object, name).has_value());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
