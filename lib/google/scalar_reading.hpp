#pragma once

#include "google/firestore_value.hpp"

namespace byot::google {

/// Each reads what stands behind the kind's name in a value of JSON, as Firestore's answers have it; nothing
/// when it is anything else (https://protobuf.dev/programming-guides/json/).

std::optional<firestore_value> read_null(const boost::json::value& json);
std::optional<firestore_value> read_boolean(const boost::json::value& json);
/// A string: int64 in decimal, without plus or leading zeros.
std::optional<firestore_value> read_integer(const boost::json::value& json);
/// A number, or one of the strings "NaN", "Infinity" and "-Infinity".
std::optional<firestore_value> read_double(const boost::json::value& json);
std::optional<firestore_value> read_timestamp(const boost::json::value& json);
std::optional<firestore_value> read_string(const boost::json::value& json);
/// Padded base64 of the standard alphabet.
std::optional<firestore_value> read_bytes(const boost::json::value& json);
std::optional<firestore_value> read_reference(const boost::json::value& json);
/// A member that is left out is 0.
std::optional<firestore_value> read_geo_point(const boost::json::value& json);

} // namespace byot::google
