#include "google/firestore_value.hpp"

#include "core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace byot::google::value_cases {
namespace {

struct value_sample {
    std::string json;
    firestore_value value;
};

value_sample text_sample(std::string json, std::string text) {
    return {R"({"stringValue":)" + std::move(json) + "}", firestore_value(std::move(text))};
}
value_sample integer_sample(std::int64_t number) {
    return {R"({"integerValue":")" + std::to_string(number) + "\"}", firestore_value(number)};
}
value_sample bytes_sample(std::string base64, std::string content) {
    return {R"({"bytesValue":")" + std::move(base64) + "\"}",
            firestore_value(firestore_bytes{std::move(content)})};
}
value_sample time_sample(std::string text, firestore_timestamp when) {
    return {R"({"timestampValue":")" + std::move(text) + "\"}", firestore_value(when)};
}
value_sample map_sample(std::string json, firestore_fields fields) {
    return {R"({"mapValue":)" + std::move(json) + "}", firestore_value(std::move(fields))};
}

/// Values of every kind that is used, as Firestore writes them and as they are written.
std::vector<value_sample> all_samples() {
    const firestore_value map(
        firestore_fields{{"a", firestore_value(std::string("x"))}, {"A", firestore_value(std::int64_t{1})}});
    const std::string map_json =
        R"({"mapValue":{"fields":{"A":{"integerValue":"1"},"a":{"stringValue":"x"}}}})";
    return {
        integer_sample(0),
        integer_sample(-1),
        integer_sample(9007199254740993),
        integer_sample(std::numeric_limits<std::int64_t>::max()),
        integer_sample(std::numeric_limits<std::int64_t>::min()),
        time_sample("2026-01-02T03:04:05Z", {1767323045, 0}),
        time_sample("2026-01-02T03:04:05.123456Z", {1767323045, 123'456'000}),
        text_sample(R"("")", ""),
        text_sample(R"("h\u00e9llo \ud83d\udd11")", "h\xC3\xA9llo \xF0\x9F\x94\x91"),
        text_sample(R"("a\u0000\"\\\n")", std::string("a\0\"\\\n", 5)),
        bytes_sample("", ""),
        bytes_sample("AQ==", "\x01"),
        bytes_sample("+//+", "\xFB\xFF\xFE"),
        map_sample("{}", {}),
        {map_json, map},
        map_sample(R"({"fields":{"a.b":)" + map_json + R"(,"a`b":{"mapValue":{}}}})",
                   {{"a.b", map}, {"a`b", firestore_value(firestore_fields())}}),
    };
}

std::string written(const firestore_value& value) {
    std::string text;
    append_value(text, value);
    return text;
}

const std::string not_utf8 = "a\xFFz";

const firestore_value without_a_form[] = {
    firestore_value(not_utf8),
    firestore_value(std::string("\xED\xA0\x80")),
    firestore_value(firestore_timestamp{253402300800, 0}),
    firestore_value(firestore_fields{{not_utf8, firestore_value(std::string())}}),
    firestore_value(firestore_fields{{"", firestore_value(std::string())}}),
    firestore_value(firestore_fields{{"a", firestore_value(not_utf8)}}),
    firestore_value(other_kind()),
    firestore_value(firestore_fields{{"a", firestore_value(other_kind())}}),
};

} // namespace

BOOST_AUTO_TEST_SUITE(firestore_values)

BOOST_AUTO_TEST_CASE(a_value_of_every_kind_is_read) {
    for (const auto& [json, value] : all_samples()) {
        BOOST_TEST_CONTEXT(json) {
            BOOST_TEST((read_value(parse_json(json).value()) == value));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_value_of_every_kind_is_written_as_firestore_writes_it) {
    for (const auto& [json, value] : all_samples()) {
        BOOST_TEST_CONTEXT(json) {
            BOOST_TEST(parse_json(written(value)).value() == parse_json(json).value());
        }
    }
}

BOOST_AUTO_TEST_CASE(values_of_two_samples_are_never_equal) {
    const auto samples = all_samples();
    for (std::size_t a = 0; a < samples.size(); ++a) {
        for (std::size_t b = 0; b < samples.size(); ++b) {
            BOOST_TEST((samples[a].value == samples[b].value) == (a == b),
                       samples[a].json << " and " << samples[b].json);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_firestore_has_no_form_for_is_never_written) {
    for (const auto& value : without_a_form) BOOST_CHECK_THROW(written(value), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(fields_are_written_under_their_plain_names) {
    std::string text = "x";
    append_fields(text, {{"b", firestore_value(std::int64_t{1})}, {"a\"", firestore_value(std::string())}});
    BOOST_TEST(text == R"(x{"a\"":{"stringValue":""},"b":{"integerValue":"1"}})");
    text.clear();
    append_fields(text, {});
    BOOST_TEST(text == "{}");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google::value_cases

namespace byot::google::value_reading_cases {
namespace {

constexpr std::string_view refused[] = {
    // no value, or more than one
    "null",
    "true",
    "1",
    R"("x")",
    "[]",
    "{}",
    R"({"stringValue":"a","integerValue":"1"})",
    R"({"":null})",
    // each kind that is used, with what it does not have
    R"({"integerValue":42})",
    R"({"integerValue":""})",
    R"({"integerValue":"+1"})",
    R"({"integerValue":"01"})",
    R"({"integerValue":"-0"})",
    R"({"integerValue":"-"})",
    R"({"integerValue":" 1"})",
    R"({"integerValue":"1 "})",
    R"({"integerValue":"1.0"})",
    R"({"integerValue":"1e3"})",
    R"({"integerValue":"0x1"})",
    R"({"integerValue":"9223372036854775808"})",
    R"({"integerValue":"-9223372036854775809"})",
    R"({"integerValue":"1\u0000"})",
    R"({"integerValue":null})",
    R"({"timestampValue":"yesterday"})",
    R"({"timestampValue":1767323045})",
    R"({"timestampValue":{"seconds":"1"}})",
    R"({"stringValue":null})",
    R"({"stringValue":1})",
    R"({"stringValue":["a"]})",
    R"({"bytesValue":"AQ"})",
    R"({"bytesValue":"AQ="})",
    R"({"bytesValue":"AR=="})",
    R"({"bytesValue":"-__-"})",
    R"({"bytesValue":"AQ==\n"})",
    R"({"bytesValue":"***"})",
    R"({"bytesValue":[1]})",
    R"({"mapValue":null})",
    R"({"mapValue":[]})",
    R"({"mapValue":{"fields":null}})",
    R"({"mapValue":{"fields":[]}})",
    R"({"mapValue":{"a":{"nullValue":null}}})",
    R"({"mapValue":{"fields":{},"more":true}})",
    R"({"mapValue":{"fields":{"a":null}}})",
    R"({"mapValue":{"fields":{"a":{"mapValue":{"fields":{"b":{}}}}}}})",
};

// What is in them is not looked at.
constexpr std::string_view of_another_kind[] = {
    R"({"nullValue":null})",
    R"({"booleanValue":true})",
    R"({"doubleValue":1.5})",
    R"({"doubleValue":"NaN"})",
    R"({"referenceValue":"projects/p/databases/(default)/documents/users/ann"})",
    R"({"geoPointValue":{"latitude":1.5,"longitude":2.0}})",
    R"({"arrayValue":{"values":[{"integerValue":"1"}]}})",
    R"({"arrayValue":{"values":[1]}})",
    R"({"string_value":"a"})",
    R"({"StringValue":"a"})",
    R"({"pipelineValue":{}})",
    R"({"valueOfALaterVersion":[1]})",
};

std::optional<firestore_value> read(std::string_view json) {
    return read_value(parse_json(json).value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(value_reading)

BOOST_AUTO_TEST_CASE(what_firestore_does_not_document_is_no_value) {
    for (const auto json : refused) {
        BOOST_TEST_CONTEXT(json) {
            BOOST_TEST(!read(json).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_value_of_a_kind_that_is_not_used_is_known_to_be_there) {
    for (const auto json : of_another_kind) BOOST_TEST((read(json) == firestore_value(other_kind())), json);
}

BOOST_AUTO_TEST_CASE(a_map_may_leave_out_what_is_empty) {
    BOOST_TEST((read(R"({"mapValue":{"fields":{}}})") == firestore_value(firestore_fields())));
    BOOST_TEST((read(R"({"mapValue":{}})") == firestore_value(firestore_fields())));
}

BOOST_AUTO_TEST_CASE(fields_are_an_object_of_values_and_nothing_else) {
    const auto fields =
        read_fields(parse_json(R"({"a":{"stringValue":"x"},"b":{"nullValue":null}})").value());
    BOOST_TEST((fields == firestore_fields{{"a", firestore_value(std::string("x"))},
                                           {"b", firestore_value(other_kind())}}));
    for (const std::string_view json :
         {"null", "[]", "1", R"({"a":1})", R"({"a":{}})", R"({"":{"stringValue":"x"}})"}) {
        BOOST_TEST(!read_fields(parse_json(json).value()).has_value(), json);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google::value_reading_cases

namespace byot::google::timestamp_cases {
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

} // namespace byot::google::timestamp_cases
