#pragma once

#include "google/firestore_value.hpp"

#include <limits>
#include <string>
#include <vector>

namespace byot::google::test {

struct value_sample {
    std::string json;
    firestore_value value;
};

inline constexpr std::string_view some_document = "projects/p/databases/(default)/documents/users/ann";

inline value_sample text_sample(std::string json, std::string text) {
    return {R"({"stringValue":)" + std::move(json) + "}", firestore_value(std::move(text))};
}
inline value_sample integer_sample(std::int64_t number) {
    return {R"({"integerValue":")" + std::to_string(number) + "\"}", firestore_value(number)};
}
inline value_sample double_sample(std::string json, double number) {
    return {R"({"doubleValue":)" + std::move(json) + "}", firestore_value(number)};
}
inline value_sample bytes_sample(std::string base64, std::string content) {
    return {R"({"bytesValue":")" + std::move(base64) + "\"}",
            firestore_value(firestore_bytes{std::move(content)})};
}
inline value_sample point_sample(std::string json, double latitude, double longitude) {
    return {R"({"geoPointValue":)" + std::move(json) + "}",
            firestore_value(firestore_geo_point{latitude, longitude})};
}
inline value_sample time_sample(std::string text, firestore_timestamp when) {
    return {R"({"timestampValue":")" + std::move(text) + "\"}", firestore_value(when)};
}

/// Scalars of every kind, as Firestore writes them and as they are written.
inline std::vector<value_sample> scalar_samples() {
    using limits = std::numeric_limits<double>;
    return {
        {R"({"nullValue":null})", firestore_value(nullptr)},
        {R"({"booleanValue":true})", firestore_value(true)},
        {R"({"booleanValue":false})", firestore_value(false)},
        integer_sample(0),
        integer_sample(-1),
        integer_sample(9007199254740993),
        integer_sample(std::numeric_limits<std::int64_t>::max()),
        integer_sample(std::numeric_limits<std::int64_t>::min()),
        double_sample("0.0", 0.0),
        double_sample("1.5", 1.5),
        double_sample("-2.0", -2.0),
        double_sample("0.1", 0.1),
        double_sample("1e+300", 1e300),
        double_sample("5e-324", limits::denorm_min()),
        double_sample("1.7976931348623157e+308", limits::max()),
        double_sample(R"("Infinity")", limits::infinity()),
        double_sample(R"("-Infinity")", -limits::infinity()),
        double_sample(R"("NaN")", limits::quiet_NaN()),
        time_sample("2026-01-02T03:04:05Z", {1767323045, 0}),
        time_sample("2026-01-02T03:04:05.123456Z", {1767323045, 123'456'000}),
        text_sample(R"("")", ""),
        text_sample(R"("h\u00e9llo \ud83d\udd11")", "h\xC3\xA9llo \xF0\x9F\x94\x91"),
        text_sample(R"("a\u0000\"\\\n")", std::string("a\0\"\\\n", 5)),
        bytes_sample("", ""),
        bytes_sample("AQ==", "\x01"),
        bytes_sample("+//+", "\xFB\xFF\xFE"),
        {R"({"referenceValue":")" + std::string(some_document) + "\"}",
         firestore_value(firestore_reference{std::string(some_document)})},
        point_sample(R"({"latitude":1.5,"longitude":2.0})", 1.5, 2),
        point_sample(R"({"latitude":-90.0,"longitude":180.0})", -90, 180),
    };
}

inline value_sample array_sample(std::string json, firestore_array array) {
    return {R"({"arrayValue":)" + std::move(json) + "}", firestore_value(std::move(array))};
}
inline value_sample map_sample(std::string json, firestore_fields fields) {
    return {R"({"mapValue":)" + std::move(json) + "}", firestore_value(std::move(fields))};
}

/// Arrays and maps, the same way.
inline std::vector<value_sample> container_samples() {
    const firestore_value one(std::int64_t{1});
    const firestore_value x(std::string("x"));
    const firestore_value list(firestore_array{one, x});
    const firestore_value map(firestore_fields{{"a", list}, {"A", firestore_value()}});
    const std::string list_json = R"({"arrayValue":{"values":[{"integerValue":"1"},{"stringValue":"x"}]}})";
    const std::string map_json = R"({"mapValue":{"fields":{"A":{"nullValue":null},"a":)" + list_json + "}}}";
    return {
        array_sample("{}", {}),
        map_sample("{}", {}),
        {list_json, list},
        {map_json, map},
        array_sample(R"({"values":[)" + map_json + "]}", {map}),
        map_sample(R"({"fields":{"a.b":)" + map_json + R"(,"a`b":{"mapValue":{}}}})",
                   {{"a.b", map}, {"a`b", firestore_value(firestore_fields())}}),
        array_sample(R"({"values":[)" + list_json + "]}", {list}),
    };
}

} // namespace byot::google::test
