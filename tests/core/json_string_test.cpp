#include "core/encoding.hpp"
#include "core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace std::string_view_literals;

namespace {

struct writing {
    std::string_view text;
    std::string_view json;
};

constexpr writing writings[] = {
    {"", R"("")"},
    {"plain /text", R"("plain /text")"},
    {"a\"b\\c", R"("a\"b\\c")"},
    {"\n\r\t", R"("\n\r\t")"},
    {"\0\x01\x1B\x1F\x7F"sv, R"("\u0000\u0001\u001b\u001f\u007f")"},
    {"\xC3\xA4\xF0\x9F\x94\x91", "\"\xC3\xA4\xF0\x9F\x94\x91\""},
    {"\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0", "\"\\u0080\\u009b\\u009f\xC2\xA0\""},
    {"\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA", "\"\\u2028\\u2029\xE2\x80\xAA\""},
    {"\xFF", "\"\xEF\xBF\xBD\""},
    {"a\x80z", "\"a\xEF\xBF\xBDz\""},
    {"\xE2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"\xC0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"\xC3\"", "\"\xEF\xBF\xBD\\\"\""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(json_writing)

BOOST_AUTO_TEST_CASE(text_is_escaped_and_what_is_no_utf8_replaced) {
    for (const auto& [text, json] : writings) {
        BOOST_TEST_CONTEXT(json) {
            BOOST_TEST(byot::to_json_string(text) == json);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_stood_before_stays) {
    std::string out = "{\"a\":";
    byot::append_json_string(out, "b");
    BOOST_TEST(out == R"({"a":"b")");
}

BOOST_AUTO_TEST_CASE(every_pair_of_bytes_gives_one_line_of_valid_json) {
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second)};
            const auto json = byot::to_json_string(text);
            const auto parsed = byot::parse_json(json);
            BOOST_REQUIRE(parsed && parsed->is_string());
            BOOST_REQUIRE(json.find('\n') == std::string::npos);
            if (byot::is_utf8(text)) BOOST_REQUIRE(parsed->get_string() == text);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
