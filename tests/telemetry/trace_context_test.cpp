#include "telemetry/trace_context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace std::string_view_literals;
using byot::telemetry::parse_traceparent;

namespace {

constexpr auto good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"sv;

constexpr std::string_view malformed[] = {
    "",
    "00",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
    " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
    "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
    "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "FF-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333z-01",
    "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
    "00-0af7651916cd43dd8448eb211c80319cb-7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319\0-b7ad6b7169203331-01"sv,
};

} // namespace

BOOST_AUTO_TEST_SUITE(traceparent)

BOOST_AUTO_TEST_CASE(the_example_of_the_standard_is_read) {
    const auto read = parse_traceparent(good);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->trace_id == "0af7651916cd43dd8448eb211c80319c");
    BOOST_TEST(read->span_id == "b7ad6b7169203331");
    BOOST_TEST(read->is_sampled);
}

BOOST_AUTO_TEST_CASE(only_the_last_flag_says_sampled) {
    const std::pair<const char*, bool> flags[] = {{"00", false}, {"01", true}, {"02", false}, {"03", true},
                                                  {"fe", false}, {"ff", true}, {"0a", false}, {"0b", true},
                                                  {"0c", false}, {"0d", true}, {"0e", false}, {"10", false}};
    for (const auto& [text, is_sampled] : flags) {
        BOOST_TEST_CONTEXT(text) {
            const auto read = parse_traceparent(std::string(good.substr(0, 53)) + text);
            BOOST_REQUIRE(read.has_value());
            BOOST_TEST(read->is_sampled == is_sampled);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_later_version_may_have_more_after_a_hyphen) {
    const std::string later = "cc" + std::string(good.substr(2));
    BOOST_TEST(parse_traceparent(later).has_value());
    BOOST_TEST(parse_traceparent(later + "-").has_value());
    BOOST_TEST(parse_traceparent(later + "-what-the-future-holds").has_value());
}

BOOST_AUTO_TEST_CASE(what_the_standard_calls_invalid_is_refused) {
    for (const auto text : malformed) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!parse_traceparent(text).has_value());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
