#include "core/json.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <random>
#include <string>

BOOST_AUTO_TEST_SUITE(json_numbers)

using byot::parse_json;

namespace {

double read(const std::string& text) {
    const auto value = parse_json(text);
    BOOST_REQUIRE_MESSAGE(value && value->is_double(), text);
    return value->get_double();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_number_is_read_to_the_nearest_double) {
    BOOST_TEST(read("0.1") == 0.1);
    BOOST_TEST(read("1.7976931348623157e308") == 1.7976931348623157e308);
    BOOST_TEST(read("2.2250738585072011e-308") == 2.2250738585072011e-308);
    BOOST_TEST(read("5e-324") == 5e-324);
    BOOST_TEST(read("100000000000000000000") == 1e20);
    BOOST_TEST(read("9007199254740993.0") == 9007199254740992.0);
    BOOST_TEST(read("0.1000000000000000055511151231257827021181583404541015625") == 0.1);
    BOOST_TEST(std::signbit(read("-0.0")));
}

BOOST_AUTO_TEST_CASE(what_is_too_small_is_zero_of_its_sign) {
    BOOST_TEST(read("1e-400") == 0.0);
    BOOST_TEST(!std::signbit(read("1e-400")));
    BOOST_TEST(std::signbit(read("-1e-400")));
}

BOOST_AUTO_TEST_CASE(what_rounds_beyond_the_largest_double_is_refused) {
    BOOST_TEST(!parse_json("1.7976931348623159e308").has_value());
    BOOST_TEST(!parse_json("-1.7976931348623159e308").has_value());
}

BOOST_AUTO_TEST_CASE(any_double_written_in_full_is_read_as_itself) {
    std::mt19937_64 random(20260102);
    for (int i = 0; i < 20'000; ++i) {
        const auto number = std::bit_cast<double>(random());
        if (!std::isfinite(number)) continue;
        const auto text = fmt::format("{:.16e}", number);
        BOOST_REQUIRE_MESSAGE(read(text) == number, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
