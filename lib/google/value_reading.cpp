#include "google/firestore_value.hpp"
#include "google/scalar_reading.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace byot::google {
namespace {

namespace json = boost::json;

/// Whether it is an object with that member or none: proto3 JSON leaves out what is empty.
bool has_at_most(const json::value& json, std::string_view name) {
    if (!json.is_object()) return false;
    const auto& object = json.get_object();
    return object.size() == object.count(name);
}

// An array directly in an array cannot be written, but to read one is no misunderstanding.
std::optional<firestore_value> read_array(const json::value& json) {
    if (!has_at_most(json, "values")) return std::nullopt;
    firestore_array array;
    if (json.get_object().empty()) return firestore_value(std::move(array));
    const auto& values = json.get_object().begin()->value();
    if (!values.is_array()) return std::nullopt;
    for (const auto& item : values.get_array()) {
        auto value = read_value(item);
        if (!value) return std::nullopt;
        array.push_back(std::move(*value));
    }
    return firestore_value(std::move(array));
}

std::optional<firestore_value> read_map(const json::value& json) {
    if (!has_at_most(json, "fields")) return std::nullopt;
    if (json.get_object().empty()) return firestore_value(firestore_fields());
    auto fields = read_fields(json.get_object().begin()->value());
    if (!fields) return std::nullopt;
    return firestore_value(std::move(*fields));
}

struct known_kind {
    std::string_view name;
    std::optional<firestore_value> (*read)(const json::value&);
};

constexpr std::array known_kinds{
    known_kind{"nullValue", read_null},
    known_kind{"booleanValue", read_boolean},
    known_kind{"integerValue", read_integer},
    known_kind{"doubleValue", read_double},
    known_kind{"timestampValue", read_timestamp},
    known_kind{"stringValue", read_string},
    known_kind{"bytesValue", read_bytes},
    known_kind{"referenceValue", read_reference},
    known_kind{"geoPointValue", read_geo_point},
    known_kind{"arrayValue", read_array},
    known_kind{"mapValue", read_map},
};

} // namespace

// What holds data is read strictly, down to unknown members: what is not understood would be lost when the
// data is written again.
std::optional<firestore_value> read_value(const json::value& json) {
    if (!json.is_object() || json.get_object().size() != 1) return std::nullopt;
    const auto& member = *json.get_object().begin();
    const std::string_view name = member.key();
    const auto kind = std::ranges::find(known_kinds, name, &known_kind::name);
    return kind == known_kinds.end() ? std::nullopt : kind->read(member.value());
}

std::optional<firestore_fields> read_fields(const json::value& json) {
    if (!json.is_object()) return std::nullopt;
    firestore_fields fields;
    for (const auto& member : json.get_object()) {
        if (member.key().empty()) return std::nullopt;
        auto value = read_value(member.value());
        if (!value) return std::nullopt;
        fields.emplace(std::string(member.key()), std::move(*value));
    }
    return fields;
}

} // namespace byot::google
