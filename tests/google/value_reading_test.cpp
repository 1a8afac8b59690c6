#include "core/json.hpp"
#include "google/firestore_value.hpp"

#include <boost/test/unit_test.hpp>

namespace byot::google {
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
    R"({"nullValue":null,"nullvalue":null})",
    // kinds that no document holds
    R"({"floatValue":1})",
    R"({"string_value":"a"})",
    R"({"StringValue":"a"})",
    R"({"":null})",
    R"({"fieldReferenceValue":"a"})",
    R"({"functionValue":{"name":"f"}})",
    R"({"pipelineValue":{}})",
    // each kind, with what it does not have
    R"({"nullValue":"NULL_VALUE"})",
    R"({"nullValue":0})",
    R"({"booleanValue":"true"})",
    R"({"booleanValue":1})",
    R"({"booleanValue":null})",
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
    R"({"doubleValue":"1.5"})",
    R"({"doubleValue":"nan"})",
    R"({"doubleValue":"+Infinity"})",
    R"({"doubleValue":"inf"})",
    R"({"doubleValue":""})",
    R"({"doubleValue":null})",
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
    R"({"referenceValue":""})",
    R"({"referenceValue":"users/ann"})",
    R"({"referenceValue":"projects/p/databases/d/documents/users"})",
    R"({"referenceValue":1})",
    R"({"geoPointValue":null})",
    R"({"geoPointValue":[1,2]})",
    R"({"geoPointValue":{"latitude":90.1,"longitude":0}})",
    R"({"geoPointValue":{"latitude":0,"longitude":-180.1}})",
    R"({"geoPointValue":{"latitude":"NaN","longitude":0}})",
    R"({"geoPointValue":{"latitude":"1","longitude":0}})",
    R"({"geoPointValue":{"latitude":null,"longitude":0}})",
    R"({"geoPointValue":{"lat":1,"longitude":0}})",
    R"({"geoPointValue":{"latitude":1,"longitude":0,"altitude":2}})",
    R"({"arrayValue":null})",
    R"({"arrayValue":[]})",
    R"({"arrayValue":{"values":null}})",
    R"({"arrayValue":{"values":{}}})",
    R"({"arrayValue":{"value":[]}})",
    R"({"arrayValue":{"values":[],"more":true}})",
    R"({"arrayValue":{"values":[{}]}})",
    R"({"arrayValue":{"values":[1]}})",
    R"({"arrayValue":{"values":[{"integerValue":"1"},{"integerValue":"x"}]}})",
    R"({"mapValue":null})",
    R"({"mapValue":[]})",
    R"({"mapValue":{"fields":null}})",
    R"({"mapValue":{"fields":[]}})",
    R"({"mapValue":{"a":{"nullValue":null}}})",
    R"({"mapValue":{"fields":{},"more":true}})",
    R"({"mapValue":{"fields":{"a":null}}})",
    R"({"mapValue":{"fields":{"a":{"mapValue":{"fields":{"b":{}}}}}}})",
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

BOOST_AUTO_TEST_CASE(a_double_is_any_number_of_json) {
    BOOST_TEST((read(R"({"doubleValue":3})") == firestore_value(3.0)));
    BOOST_TEST((read(R"({"doubleValue":-3})") == firestore_value(-3.0)));
    BOOST_TEST((read(R"({"doubleValue":18446744073709551615})") == firestore_value(18446744073709551615.0)));
    BOOST_TEST((read(R"({"doubleValue":1e3})") == firestore_value(1000.0)));
}

BOOST_AUTO_TEST_CASE(what_proto3_json_leaves_out_is_zero_or_empty) {
    BOOST_TEST((read(R"({"geoPointValue":{}})") == firestore_value(firestore_geo_point{0, 0})));
    BOOST_TEST((read(R"({"geoPointValue":{"longitude":2}})") == firestore_value(firestore_geo_point{0, 2})));
    BOOST_TEST((read(R"({"arrayValue":{"values":[]}})") == firestore_value(firestore_array())));
    BOOST_TEST((read(R"({"mapValue":{"fields":{}}})") == firestore_value(firestore_fields())));
}

BOOST_AUTO_TEST_CASE(fields_are_an_object_of_values_and_nothing_else) {
    const auto fields =
        read_fields(parse_json(R"({"a":{"booleanValue":true},"b":{"nullValue":null}})").value());
    BOOST_TEST((fields == firestore_fields{{"a", firestore_value(true)}, {"b", firestore_value()}}));
    for (const std::string_view json :
         {"null", "[]", "1", R"({"a":1})", R"({"a":{}})", R"({"":{"booleanValue":true}})"}) {
        BOOST_TEST(!read_fields(parse_json(json).value()).has_value(), json);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google
