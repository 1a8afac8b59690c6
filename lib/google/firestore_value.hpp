#pragma once

#include "core/clock.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace byot::google {

class firestore_value;

/// Fields of a document or a map value, by their plain names.
using firestore_fields = std::map<std::string, firestore_value, std::less<>>;
using firestore_array = std::vector<firestore_value>;

/// Seconds since 1970 and nanoseconds of that second, 0 to 999,999,999; years 0001 to 9999. Firestore keeps
/// microseconds.
struct firestore_timestamp {
    std::int64_t seconds = 0;
    std::int32_t nanoseconds = 0;
    auto operator<=>(const firestore_timestamp&) const = default;
};
firestore_timestamp to_timestamp(wall_time when) noexcept;
/// Cut to milliseconds.
wall_time to_wall_time(firestore_timestamp when) noexcept;

/// Any bytes; base64 on the wire.
struct firestore_bytes {
    std::string content;
    bool operator==(const firestore_bytes&) const = default;
};
/// The full name of a document.
struct firestore_reference {
    std::string name;
    bool operator==(const firestore_reference&) const = default;
};
/// Degrees, -90 to 90 and -180 to 180.
struct firestore_geo_point {
    double latitude = 0;
    double longitude = 0;
    bool operator==(const firestore_geo_point&) const = default;
};

/// One value of any kind that Firestore's REST API has
/// (https://cloud.google.com/firestore/docs/reference/rest/v1/Value).
class firestore_value {
public:
    using kinds = std::variant<std::nullptr_t, bool, std::int64_t, double, firestore_timestamp, std::string,
                               firestore_bytes, firestore_reference, firestore_geo_point, firestore_array,
                               firestore_fields>;

    firestore_value() = default; ///< null
    template <class T>
        requires std::is_constructible_v<kinds, std::in_place_type_t<T>, T>
    explicit firestore_value(T value) : kind_(std::in_place_type<T>, std::move(value)) {}

    const kinds& kind() const noexcept { return kind_; }
    /// The value when it is of that kind, else null.
    template <class T>
    const T* as() const noexcept {
        return std::get_if<T>(&kind_);
    }
    bool operator==(const firestore_value&) const;

private:
    kinds kind_ = nullptr;
};

/// Reads the JSON form of one value, of exactly one known kind. Nothing on any other.
std::optional<firestore_value> read_value(const boost::json::value& json);
std::optional<firestore_fields> read_fields(const boost::json::value& json);

/// Appends the JSON form.
void append_value(std::string& out, const firestore_value& value);
void append_fields(std::string& out, const firestore_fields& fields);

} // namespace byot::google
