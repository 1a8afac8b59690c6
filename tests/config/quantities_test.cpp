#include "config/quantities.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot::config;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(quantities)

BOOST_AUTO_TEST_CASE(a_duration_is_a_whole_number_with_its_unit) {
    BOOST_TEST((parse_duration("250ms") == 250ms));
    BOOST_TEST((parse_duration("10s") == 10s));
    BOOST_TEST((parse_duration("2m") == 2min));
    BOOST_TEST((parse_duration("24h") == 24h));
    BOOST_TEST((parse_duration("0s") == 0s));
    for (const auto* text :
         {"", "s", "10", "10 s", " 10s", "10S", "10sec", "1e3ms", "1.5s", "-1s", "+1s", "1s1s"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_duration(text).has_value());
}

BOOST_AUTO_TEST_CASE(what_overflows_is_no_quantity) {
    BOOST_TEST(!parse_number("18446744073709551616").has_value());
    BOOST_TEST(!parse_duration("18446744073709551615h").has_value());
    BOOST_TEST(!parse_duration("5124095576031h").has_value());
    BOOST_TEST(!parse_size("18014398509481984k").has_value());
    BOOST_TEST(!parse_rate("4294967297/s").has_value());
}

BOOST_AUTO_TEST_CASE(a_size_is_in_powers_of_1024) {
    BOOST_TEST(parse_size("1k").value() == 1024u);
    BOOST_TEST(parse_size("3m").value() == 3u * 1024 * 1024);
    for (const auto* text : {"", "k", "1", "1K", "1M", "1kb", "1g", "0x1k"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_size(text).has_value());
}

BOOST_AUTO_TEST_CASE(a_rate_is_a_count_a_second_minute_or_hour) {
    BOOST_TEST(parse_rate("5/s").value().count == 5u);
    BOOST_TEST((parse_rate("5/s").value().period == 1s));
    BOOST_TEST((parse_rate("5/m").value().period == 60s));
    BOOST_TEST((parse_rate("5/h").value().period == 3600s));
    for (const auto* text : {"", "5", "/s", "5/", "5/d", "5 /s", "0/s", "off"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_rate(text).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_printed_is_read_as_the_same) {
    for (const auto time : {0ms, 1ms, 1000ms, 1500ms, 75'000ms, 3'600'000ms, 86'400'000ms})
        BOOST_TEST_CONTEXT(format_duration(time)) BOOST_TEST((parse_duration(format_duration(time)) == time));
    for (const auto size : {1024u, 1025u * 1024, 1024u * 1024, 8u * 1024 * 1024})
        BOOST_TEST_CONTEXT(format_size(size)) BOOST_TEST(parse_size(format_size(size)).value() == size);
    BOOST_TEST(format_duration(1h) == "1h");
    BOOST_TEST(format_duration(900s) == "900s");
    BOOST_TEST(format_duration(1500ms) == "1500ms");
    BOOST_TEST(format_rate(rate{60, 60s}) == "60/m");
    BOOST_TEST(format_rate({}) == "off");
}

BOOST_AUTO_TEST_SUITE_END()
