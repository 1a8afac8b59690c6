#include "google/firestore_value.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <stdexcept>

namespace byot::google {
namespace {

namespace json = boost::json;
using namespace std::chrono;
using reading = std::optional<firestore_value>;

constexpr std::int64_t first_second = -62135596800; // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253402300799;  // 9999-12-31T23:59:59Z
constexpr std::int32_t second_in_nanoseconds = 1'000'000'000;
constexpr std::int32_t millisecond_in_nanoseconds = 1'000'000;
constexpr std::size_t most_digits = 9;

bool is_in_range(firestore_timestamp when) noexcept {
    return when.seconds >= first_second && when.seconds <= last_second && when.nanoseconds >= 0 &&
           when.nanoseconds < second_in_nanoseconds;
}

/// The nanoseconds of an RFC 3339 text's fraction, 0 without one; nothing when they are finer.
std::optional<std::int32_t> read_nanoseconds(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos) return 0;
    text.remove_prefix(point + 1);
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits > most_digits) return std::nullopt;
    std::int32_t nanoseconds = 0;
    const auto* const begin = text.data();
    std::from_chars(begin, begin + digits, nanoseconds);
    for (auto i = digits; i < most_digits; ++i) nanoseconds *= 10;
    return nanoseconds;
}

void append_fraction(std::string& out, std::int32_t nanoseconds) {
    if (nanoseconds == 0) return;
    auto end = std::back_inserter(out);
    if (nanoseconds % millisecond_in_nanoseconds == 0) {
        fmt::format_to(end, ".{:03}", nanoseconds / millisecond_in_nanoseconds);
    } else if (nanoseconds % 1000 == 0) {
        fmt::format_to(end, ".{:06}", nanoseconds / 1000);
    } else {
        fmt::format_to(end, ".{:09}", nanoseconds);
    }
}

std::optional<std::string_view> text_of(const json::value& json) {
    if (!json.is_string()) return std::nullopt;
    return std::string_view(json.get_string());
}

// int64 is a string in answers (proto3 JSON), and has one form: decimal, without plus or leading zeros.
reading read_integer(const json::value& json) {
    const auto text = text_of(json);
    if (!text) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || std::to_string(number) != *text) return std::nullopt;
    return firestore_value(number);
}

reading read_timestamp(const json::value& json) {
    const auto text = text_of(json);
    const auto when = text ? parse_timestamp(*text) : std::nullopt;
    return when ? reading(firestore_value(*when)) : std::nullopt;
}

reading read_string(const json::value& json) {
    const auto text = text_of(json);
    return text ? reading(firestore_value(std::string(*text))) : std::nullopt;
}

// Padded base64 of the standard alphabet.
reading read_bytes(const json::value& json) {
    const auto text = text_of(json);
    auto content = text ? base64_decode(*text) : std::nullopt;
    return content ? reading(firestore_value(firestore_bytes{std::move(*content)})) : std::nullopt;
}

// proto3 JSON leaves out what is empty.
reading read_map(const json::value& json) {
    if (!json.is_object()) return std::nullopt;
    const auto& object = json.get_object();
    if (object.empty()) return firestore_value(firestore_fields());
    const auto* const members = object.if_contains("fields");
    if (!members || object.size() != 1) return std::nullopt;
    auto fields = read_fields(*members);
    if (!fields) return std::nullopt;
    return firestore_value(std::move(*fields));
}

struct used_kind {
    std::string_view name;
    reading (*read)(const json::value&);
};

constexpr std::array used_kinds{
    used_kind{"integerValue", read_integer}, used_kind{"timestampValue", read_timestamp},
    used_kind{"stringValue", read_string},   used_kind{"bytesValue", read_bytes},
    used_kind{"mapValue", read_map},
};

/// Appends the one member that a value of JSON has.
struct member_writer {
    std::string& out;

    void operator()(other_kind) const {
        throw std::invalid_argument("a value of a kind that is not written");
    }
    void operator()(std::int64_t value) const {
        fmt::format_to(std::back_inserter(out), R"("integerValue":"{}")", value);
    }
    void operator()(firestore_timestamp value) const {
        out += R"("timestampValue":")";
        append_timestamp(out, value);
        out += '"';
    }
    void operator()(const std::string& value) const {
        out += R"("stringValue":)";
        append_text(out, value);
    }
    void operator()(const firestore_bytes& value) const {
        out += R"("bytesValue":")";
        out += base64_encode(as_bytes(value.content));
        out += '"';
    }
    // An empty one is written as answers have it, without its member.
    void operator()(const firestore_fields& value) const {
        out += R"("mapValue":{)";
        if (!value.empty()) {
            out += R"("fields":)";
            append_fields(out, value);
        }
        out += '}';
    }
};

} // namespace

firestore_timestamp to_timestamp(wall_time when) noexcept {
    const auto second = floor<seconds>(when);
    return {second.time_since_epoch().count(),
            static_cast<std::int32_t>(duration_cast<nanoseconds>(when - second).count())};
}

wall_time to_wall_time(firestore_timestamp when) noexcept {
    return wall_time(seconds(when.seconds)) + milliseconds(when.nanoseconds / millisecond_in_nanoseconds);
}

std::optional<firestore_timestamp> parse_timestamp(std::string_view text) {
    const auto when = parse_rfc3339(text);
    const auto fraction = read_nanoseconds(text);
    if (!when || !fraction) return std::nullopt;
    return firestore_timestamp{floor<seconds>(*when).time_since_epoch().count(), *fraction};
}

void append_timestamp(std::string& out, firestore_timestamp when) {
    if (!is_in_range(when)) throw std::invalid_argument("a time outside of the years 0001 to 9999");
    append_rfc3339(out, to_wall_time({when.seconds, 0}));
    out.resize(out.size() - std::string_view(".000Z").size());
    append_fraction(out, when.nanoseconds);
    out += 'Z';
}

// A kind that is used is read strictly. What is of another kind may be anything: it is never written again,
// since each write names the fields that it touches.
std::optional<firestore_value> read_value(const json::value& json) {
    if (!json.is_object() || json.get_object().size() != 1) return std::nullopt;
    const auto& member = *json.get_object().begin();
    const std::string_view name = member.key();
    if (name.empty()) return std::nullopt;
    const auto kind = std::ranges::find(used_kinds, name, &used_kind::name);
    return kind == used_kinds.end() ? firestore_value(other_kind()) : kind->read(member.value());
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

void append_value(std::string& out, const firestore_value& value) {
    out += '{';
    std::visit(member_writer{out}, value.kind());
    out += '}';
}

void append_fields(std::string& out, const firestore_fields& fields) {
    out += '{';
    bool is_first = true;
    for (const auto& [name, value] : fields) {
        if (name.empty()) throw std::invalid_argument("a field without a name");
        if (!is_first) out += ',';
        is_first = false;
        append_text(out, name);
        out += ':';
        append_value(out, value);
    }
    out += '}';
}

void append_text(std::string& out, std::string_view text) {
    if (!is_utf8(text)) throw std::invalid_argument("a text for Firestore is no UTF-8");
    append_json_string(out, text);
}

} // namespace byot::google
