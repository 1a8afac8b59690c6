#include "google/firestore_value.hpp"

#include "core/json.hpp"
#include "google/value_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

namespace byot::google {
namespace {

std::vector<test::value_sample> all_samples() {
    auto samples = test::scalar_samples();
    for (auto& sample : test::container_samples()) samples.push_back(std::move(sample));
    return samples;
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
    firestore_value(firestore_reference{"users/ann"}),
    firestore_value(firestore_reference{std::string(test::some_document) + "\xFF"}),
    firestore_value(firestore_timestamp{253402300800, 0}),
    firestore_value(firestore_geo_point{90.1, 0}),
    firestore_value(firestore_geo_point{0, -180.1}),
    firestore_value(firestore_geo_point{std::nan(""), 0}),
    firestore_value(firestore_fields{{not_utf8, firestore_value()}}),
    firestore_value(firestore_fields{{"", firestore_value()}}),
    firestore_value(firestore_array{firestore_value(not_utf8)}),
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

BOOST_AUTO_TEST_CASE(a_negative_zero_keeps_its_sign) {
    const auto json = parse_json(written(firestore_value(-0.0)));
    const auto read = read_value(json.value());
    BOOST_REQUIRE((read && read->as<double>()));
    BOOST_TEST(std::signbit(*read->as<double>()));
}

BOOST_AUTO_TEST_CASE(what_firestore_has_no_form_for_is_never_written) {
    for (const auto& value : without_a_form) BOOST_CHECK_THROW(written(value), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_value_is_null_unless_told_otherwise) {
    BOOST_TEST((firestore_value() == firestore_value(nullptr)));
    BOOST_TEST((firestore_value().as<bool>() == nullptr));
}

BOOST_AUTO_TEST_CASE(fields_are_written_under_their_plain_names) {
    std::string text = "x";
    append_fields(text, {{"b", firestore_value(true)}, {"a\"", firestore_value()}});
    BOOST_TEST(text == R"(x{"a\"":{"nullValue":null},"b":{"booleanValue":true}})");
    text.clear();
    append_fields(text, {});
    BOOST_TEST(text == "{}");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google
