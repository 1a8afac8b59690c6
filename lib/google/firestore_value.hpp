#pragma once

#include "google/timestamp.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace byot::google {

class firestore_value;

/// Fields of a document or a map value, by their plain names.
using firestore_fields = std::map<std::string, firestore_value, std::less<>>;
using firestore_array = std::vector<firestore_value>;

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

/// Whether T is one of the variant's types; the variant need not be complete.
template <class T, class Variant>
inline constexpr bool is_alternative = false;
template <class T, class... Alternatives>
inline constexpr bool is_alternative<T, std::variant<Alternatives...>> =
    (std::is_same_v<T, Alternatives> || ...);

/// One value of any kind that Firestore's REST API has
/// (https://cloud.google.com/firestore/docs/reference/rest/v1/Value).
class firestore_value {
public:
    using kinds = std::variant<std::nullptr_t, bool, std::int64_t, double, firestore_timestamp, std::string,
                               firestore_bytes, firestore_reference, firestore_geo_point, firestore_array,
                               firestore_fields>;

    firestore_value() = default; ///< null
    template <class T>
        requires is_alternative<T, kinds>
    explicit firestore_value(T value) : kind_(std::in_place_type<T>, std::move(value)) {}

    const kinds& kind() const noexcept { return kind_; }
    /// The value when it is of that kind, else null.
    template <class T>
    const T* as() const noexcept {
        return std::get_if<T>(&kind_);
    }
    /// As Firestore has it: of the same kind, and NaN equals itself.
    bool operator==(const firestore_value& other) const;

private:
    kinds kind_ = nullptr;
};

/// Reads the JSON form of one value, of exactly one known kind, written as answers have it. Nothing on any
/// other. Recurses as deeply as the value nests.
std::optional<firestore_value> read_value(const boost::json::value& json);
/// Reads an object of named values; nothing where a name is empty, which Firestore never keeps.
std::optional<firestore_fields> read_fields(const boost::json::value& json);

/// Appends the JSON form. Throws std::invalid_argument for what Firestore has no form for: a text or a name
/// that is no UTF-8, an empty name, a time or a point out of range, a reference that is no document's name.
void append_value(std::string& out, const firestore_value& value);
void append_fields(std::string& out, const firestore_fields& fields);

} // namespace byot::google
