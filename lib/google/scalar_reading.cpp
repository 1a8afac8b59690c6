#include "google/scalar_reading.hpp"

#include "core/encoding.hpp"
#include "google/document_name.hpp"

#include <boost/json/object.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace byot::google {
namespace {

namespace json = boost::json;
using reading = std::optional<firestore_value>;

std::optional<std::string_view> text_of(const json::value& json) {
    if (!json.is_string()) return std::nullopt;
    return std::string_view(json.get_string());
}

std::optional<double> number_of(const json::value& json) {
    if (json.is_number()) return json.to_number<double>();
    const auto text = text_of(json);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return infinity;
    if (text == "-Infinity") return -infinity;
    return std::nullopt;
}

/// 0 where it is left out; nothing beyond the limit.
std::optional<double> read_degrees(const json::object& point, std::string_view name, double limit) {
    const auto* const value = point.if_contains(name);
    const auto degrees = value ? number_of(*value) : 0.0;
    return degrees && std::abs(*degrees) <= limit ? degrees : std::nullopt;
}

} // namespace

std::optional<firestore_value> read_null(const json::value& json) {
    return json.is_null() ? reading(firestore_value(nullptr)) : std::nullopt;
}

std::optional<firestore_value> read_boolean(const json::value& json) {
    return json.is_bool() ? reading(firestore_value(json.get_bool())) : std::nullopt;
}

// int64 is a string in answers (proto3 JSON), and has one form.
std::optional<firestore_value> read_integer(const json::value& json) {
    const auto text = text_of(json);
    if (!text) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || std::to_string(number) != *text) return std::nullopt;
    return firestore_value(number);
}

std::optional<firestore_value> read_double(const json::value& json) {
    const auto number = number_of(json);
    return number ? reading(firestore_value(*number)) : std::nullopt;
}

std::optional<firestore_value> read_timestamp(const json::value& json) {
    const auto text = text_of(json);
    const auto when = text ? parse_timestamp(*text) : std::nullopt;
    return when ? reading(firestore_value(*when)) : std::nullopt;
}

std::optional<firestore_value> read_string(const json::value& json) {
    const auto text = text_of(json);
    return text ? reading(firestore_value(std::string(*text))) : std::nullopt;
}

std::optional<firestore_value> read_bytes(const json::value& json) {
    const auto text = text_of(json);
    auto content = text ? base64_decode(*text) : std::nullopt;
    return content ? reading(firestore_value(firestore_bytes{std::move(*content)})) : std::nullopt;
}

std::optional<firestore_value> read_reference(const json::value& json) {
    const auto text = text_of(json);
    if (!text || !is_document_name(*text)) return std::nullopt;
    return firestore_value(firestore_reference{std::string(*text)});
}

std::optional<firestore_value> read_geo_point(const json::value& json) {
    if (!json.is_object()) return std::nullopt;
    const auto& point = json.get_object();
    const auto latitude = read_degrees(point, "latitude", 90);
    const auto longitude = read_degrees(point, "longitude", 180);
    const auto known = point.count("latitude") + point.count("longitude");
    if (!latitude || !longitude || point.size() != known) return std::nullopt;
    return firestore_value(firestore_geo_point{*latitude, *longitude});
}

} // namespace byot::google
