#include "google/timestamp.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace byot::google {
namespace {

struct written_time {
    std::string_view text;
    firestore_timestamp when;
};

constexpr written_time both_ways[] = {
    {"1970-01-01T00:00:00Z", {0, 0}},
    {"1970-01-01T00:00:00.001Z", {0, 1'000'000}},
    {"1970-01-01T00:00:00.000001Z", {0, 1'000}},
    {"1970-01-01T00:00:00.000000001Z", {0, 1}},
    {"2026-01-02T03:04:05.120Z", {1767323045, 120'000'000}},
    {"2026-01-02T03:04:05.123456Z", {1767323045, 123'456'000}},
    {"2026-01-02T03:04:05.123456789Z", {1767323045, 123'456'789}},
    {"1969-12-31T23:59:59.999999999Z", {-1, 999'999'999}},
    {"0001-01-01T00:00:00Z", {-62135596800, 0}},
    {"9999-12-31T23:59:59.999999999Z", {253402300799, 999'999'999}},
};

constexpr written_time only_read[] = {
    {"2026-01-02T03:04:05.1Z", {1767323045, 100'000'000}},
    {"2026-01-02T03:04:05.12Z", {1767323045, 120'000'000}},
    {"2026-01-02T03:04:05.12345678Z", {1767323045, 123'456'780}},
    {"2026-01-02T03:04:05.000000000Z", {1767323045, 0}},
    {"2026-01-02T05:04:05.5+02:00", {1767323045, 500'000'000}},
    {"2026-01-01T22:04:05.5-05:00", {1767323045, 500'000'000}},
    {"1969-12-31T19:29:59.5-04:30", {-1, 500'000'000}},
};

constexpr std::string_view refused[] = {
    "",
    "now",
    "2026-01-02",
    "2026-01-02T03:04:05",
    "2026-01-02T03:04:05.Z",
    "2026-01-02T03:04:05.1234567890Z",
    "2026-01-02T03:04:05.1.2Z",
    "2026-01-02T03:04:60Z",
    "2026-02-29T03:04:05Z",
    "2026-01-02T03:04:05Z ",
    "2026-01-02 03:04:05Z",
    "10000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "1767323045",
};

constexpr firestore_timestamp out_of_range[] = {
    {-62135596801, 0}, {253402300800, 0}, {0, -1}, {0, 1'000'000'000}, {INT64_MAX, 0}, {INT64_MIN, 0},
};

std::string written(firestore_timestamp when) {
    std::string text;
    append_timestamp(text, when);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(timestamp)

BOOST_AUTO_TEST_CASE(a_time_is_read_and_written_to_the_nanosecond) {
    for (const auto& [text, when] : both_ways) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST((parse_timestamp(text) == when));
            BOOST_TEST(written(when) == text);
        }
    }
}

BOOST_AUTO_TEST_CASE(any_offset_and_up_to_nine_digits_are_read) {
    for (const auto& [text, when] : only_read) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST((parse_timestamp(text) == when));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_refused) {
    for (const auto text : refused) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!parse_timestamp(text).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_time_out_of_range_is_never_written) {
    for (const auto when : out_of_range) {
        BOOST_TEST_CONTEXT(when.seconds << " s " << when.nanoseconds << " ns") {
            BOOST_CHECK_THROW(written(when), std::invalid_argument);
        }
    }
}

BOOST_AUTO_TEST_CASE(wall_time_becomes_a_timestamp_and_comes_back_cut_to_milliseconds) {
    using std::chrono::milliseconds;
    for (const std::int64_t count : {0LL, 1LL, 999LL, 1000LL, -1LL, -1000LL, -1001LL, 1767323045678LL}) {
        const wall_time when{milliseconds(count)};
        BOOST_TEST((to_wall_time(to_timestamp(when)) == when));
    }
    BOOST_TEST((to_timestamp(wall_time(milliseconds(-1))) == firestore_timestamp{-1, 999'000'000}));
    BOOST_TEST((to_wall_time({-1, 999'999'999}) == wall_time(milliseconds(-1))));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google
