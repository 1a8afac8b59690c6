#pragma once

#include "core/clock.hpp"

#include <boost/json/value.hpp>

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace byot::google {

class firestore_value;

/// Fields of a document or a map value, by their plain names.
using firestore_fields = std::map<std::string, firestore_value, std::less<>>;

/// Any bytes; base64 on the wire.
struct firestore_bytes {
    std::string content;
    bool operator==(const firestore_bytes&) const = default;
};

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

/// RFC 3339 with any offset and up to nine digits of a fraction; nothing when it is not that or outside of
/// the years 0001 to 9999 (https://protobuf.dev/programming-guides/json/).
std::optional<firestore_timestamp> parse_timestamp(std::string_view text);
/// Appends RFC 3339 in UTC with 0, 3, 6 or 9 digits of a fraction, as Google's answers have it. Throws
/// std::invalid_argument for what is out of range.
void append_timestamp(std::string& out, firestore_timestamp when);

/// A value of a kind that this service does not use: null, a boolean, a double, a reference, a point, an
/// array, or one that Firestore has had since. It is known to be there, and is never written.
struct other_kind {
    bool operator==(const other_kind&) const = default;
};

/// Whether T is one of the variant's types; the variant need not be complete.
template <class T, class Variant>
inline constexpr bool is_alternative = false;
template <class T, class... Alternatives>
inline constexpr bool is_alternative<T, std::variant<Alternatives...>> =
    (std::is_same_v<T, Alternatives> || ...);

/// One value, of the kinds that this service stores
/// (https://cloud.google.com/firestore/docs/reference/rest/v1/Value).
class firestore_value {
public:
    using kinds = std::variant<other_kind, std::int64_t, firestore_timestamp, std::string, firestore_bytes,
                               firestore_fields>;

    template <class T>
        requires is_alternative<T, kinds>
    explicit firestore_value(T value) : kind_(std::in_place_type<T>, std::move(value)) {}

    const kinds& kind() const noexcept { return kind_; }
    /// The value when it is of that kind, else null.
    template <class T>
    const T* as() const noexcept {
        return std::get_if<T>(&kind_);
    }
    /// Of the same kind, with the same content.
    bool operator==(const firestore_value& other) const { return kind_ == other.kind_; }

private:
    kinds kind_;
};

/// Reads the JSON form of one value: an object of one member, named after its kind. One of a kind that is
/// used must be as Firestore's answers have it; any other becomes `other_kind`. Nothing where it is neither.
/// Recurses as deeply as maps nest.
std::optional<firestore_value> read_value(const boost::json::value& json);
/// Reads an object of named values; nothing where a name is empty, which Firestore never keeps.
std::optional<firestore_fields> read_fields(const boost::json::value& json);

/// Appends the JSON form. Throws std::invalid_argument for what Firestore has no form for (a text or a name
/// that is no UTF-8, an empty name, a time out of range) and for `other_kind`.
void append_value(std::string& out, const firestore_value& value);
void append_fields(std::string& out, const firestore_fields& fields);

/// Appends `text` as a JSON string. Throws std::invalid_argument when it is no UTF-8: Firestore would keep
/// something else than what was meant.
void append_text(std::string& out, std::string_view text);

} // namespace byot::google
