#include "core/clock.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using byot::format_http_date;
using byot::format_rfc3339;
using byot::parse_rfc3339;
using byot::wall_time;

namespace {

using std::chrono::milliseconds;

wall_time at(std::int64_t since_epoch) {
    return wall_time(milliseconds(since_epoch));
}

struct reading {
    const char* text;
    std::int64_t since_epoch; ///< milliseconds
};

constexpr reading readable[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01T00:00:00.5Z", 500},
    {"1970-01-01T00:00:00.001Z", 1},
    {"1970-01-01T00:00:00.0019999999999999999999999Z", 1},
    {"1969-12-31T23:59:59.999Z", -1},
    {"2026-01-02T03:04:05.678Z", 1767323045678},
    {"2026-01-02t03:04:05.678z", 1767323045678},
    {"2026-01-02T05:04:05.678+02:00", 1767323045678},
    {"2026-01-01T21:34:05.678-05:30", 1767323045678},
    {"2026-01-02T03:04:05.678-00:00", 1767323045678},
    {"2026-01-02T03:04:05.678901234Z", 1767323045678},
    {"2024-02-29T00:00:00Z", 1709164800000},
    {"2000-02-29T00:00:00Z", 951782400000},
    {"0001-01-01T00:00:00Z", -62135596800000},
    {"9999-12-31T23:59:59.999Z", 253402300799999},
    {"9999-12-31T23:59:59+23:59", 253402300799000 - 86340000},
};

constexpr const char* unreadable[] = {
    "",
    "2026",
    "2026-01-02",
    "2026-01-02T03:04:05",
    "2026-01-02T03:04Z",
    "2026-01-02 03:04:05Z",
    "2026-01-02T03:04:05.Z",
    "2026-01-02T03:04:05,5Z",
    "2026-01-02T03:04:05.5",
    "2026-01-02T03:04:05Z ",
    " 2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05ZZ",
    "2026-1-02T03:04:05Z",
    "26-01-02T03:04:05Z",
    "12026-01-02T03:04:05Z",
    "-026-01-02T03:04:05Z",
    "+2026-01-02T03:04:05Z",
    "2026-00-02T03:04:05Z",
    "2026-13-02T03:04:05Z",
    "2026-01-00T03:04:05Z",
    "2026-01-32T03:04:05Z",
    "2026-02-29T03:04:05Z",
    "1900-02-29T03:04:05Z",
    "2026-04-31T03:04:05Z",
    "2026-01-02T24:00:00Z",
    "2026-01-02T03:60:05Z",
    "2026-01-02T03:04:60Z",
    "2016-12-31T23:59:60Z",
    "2026-01-02T03:04:05+24:00",
    "2026-01-02T03:04:05+02:60",
    "2026-01-02T03:04:05+0200",
    "2026-01-02T03:04:05+02",
    "2026-01-02T03:04:05+-2:00",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "2026-01-02T03:04:05.6x8Z",
    "20260102T030405Z",
};

} // namespace

BOOST_AUTO_TEST_SUITE(clocks)

BOOST_AUTO_TEST_CASE(a_date_time_of_rfc3339_is_read_to_the_millisecond) {
    for (const auto& [text, expected] : readable) {
        BOOST_TEST_CONTEXT(text) {
            const auto read = parse_rfc3339(text);
            BOOST_REQUIRE(read.has_value());
            BOOST_TEST(read->time_since_epoch().count() == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_date_time_of_rfc3339_is_refused) {
    for (const auto* text : unreadable) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!parse_rfc3339(text).has_value());
        }
    }
    BOOST_TEST(!parse_rfc3339(std::string_view("2026-01-02T03:04:05Z\0", 21)).has_value());
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_date_time_is_refused) {
    const std::string text = "2026-01-02T03:04:05.678+01:00";
    for (std::size_t length = 0; length < text.size(); ++length) {
        BOOST_TEST_CONTEXT(text.substr(0, length)) {
            BOOST_TEST(!parse_rfc3339(text.substr(0, length)).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_moment_is_written_in_utc_with_milliseconds) {
    BOOST_TEST(format_rfc3339(at(1767323045678)) == "2026-01-02T03:04:05.678Z");
    BOOST_TEST(format_rfc3339(at(0)) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(format_rfc3339(at(-1)) == "1969-12-31T23:59:59.999Z");
    BOOST_TEST(format_rfc3339(at(-62135596800000)) == "0001-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(a_moment_appended_leaves_what_was_there) {
    std::string text = "at ";
    byot::append_rfc3339(text, at(0));
    BOOST_TEST(text == "at 1970-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_as_the_same_moment) {
    constexpr std::int64_t step = 86'399'999LL * 997;
    for (std::int64_t moment = -62135596800000; moment < 253402300800000; moment += step) {
        const auto read = parse_rfc3339(format_rfc3339(at(moment)));
        BOOST_REQUIRE(read.has_value());
        BOOST_REQUIRE_EQUAL(read->time_since_epoch().count(), moment);
    }
}

BOOST_AUTO_TEST_CASE(a_date_of_http_has_names_for_day_and_month) {
    BOOST_TEST(format_http_date(at(784111777000)) == "Sun, 06 Nov 1994 08:49:37 GMT"); // RFC 9110 §5.6.7
    BOOST_TEST(format_http_date(at(1767323045678)) == "Fri, 02 Jan 2026 03:04:05 GMT");
    BOOST_TEST(format_http_date(at(0)) == "Thu, 01 Jan 1970 00:00:00 GMT");
    BOOST_TEST(format_http_date(at(1798761599999)) == "Thu, 31 Dec 2026 23:59:59 GMT");
}

BOOST_AUTO_TEST_CASE(the_clocks_do_not_stand_at_the_epoch) {
    BOOST_TEST((byot::wall_now() > at(1700000000000)));
    const auto before = byot::steady_now();
    BOOST_TEST((byot::steady_now() >= before));
}

BOOST_AUTO_TEST_SUITE_END()
