#include "core/encoding.hpp"
#include "google/document_name.hpp"
#include "google/firestore_value.hpp"
#include "google/json_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <stdexcept>

namespace byot::google {
namespace {

// Always with a point or an exponent, as Firestore's answers have it.
void append_number(std::string& out, double number) {
    const auto text = fmt::format("{}", number);
    out += text;
    if (text.find_first_of(".e") == std::string::npos) out += ".0";
}

void append_double(std::string& out, double number) {
    if (std::isnan(number)) {
        out += R"("NaN")";
    } else if (std::isinf(number)) {
        out += number > 0 ? R"("Infinity")" : R"("-Infinity")";
    } else {
        append_number(out, number);
    }
}

void append_geo_point(std::string& out, const firestore_geo_point& point) {
    const bool is_on_earth = std::abs(point.latitude) <= 90 && std::abs(point.longitude) <= 180;
    if (!is_on_earth) throw std::invalid_argument("a point that is nowhere on Earth");
    out += R"({"latitude":)";
    append_number(out, point.latitude);
    out += R"(,"longitude":)";
    append_number(out, point.longitude);
    out += '}';
}

void append_reference(std::string& out, std::string_view name) {
    if (!is_document_name(name)) throw std::invalid_argument("a reference to what is no document");
    append_text(out, name);
}

// Empty ones are written as answers have them, without their member.
void append_array(std::string& out, const firestore_array& array) {
    out += '{';
    if (!array.empty()) {
        out += R"("values":)";
        append_list(out, array, [&](const firestore_value& item) { append_value(out, item); });
    }
    out += '}';
}

void append_map(std::string& out, const firestore_fields& fields) {
    out += '{';
    if (!fields.empty()) {
        out += R"("fields":)";
        append_fields(out, fields);
    }
    out += '}';
}

/// Appends the one member that a value of JSON has.
struct member_writer {
    std::string& out;

    void operator()(std::nullptr_t) const { out += R"("nullValue":null)"; }
    void operator()(bool value) const { out += value ? R"("booleanValue":true)" : R"("booleanValue":false)"; }
    void operator()(std::int64_t value) const {
        fmt::format_to(std::back_inserter(out), R"("integerValue":"{}")", value);
    }
    void operator()(double value) const {
        out += R"("doubleValue":)";
        append_double(out, value);
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
    void operator()(const firestore_reference& value) const {
        out += R"("referenceValue":)";
        append_reference(out, value.name);
    }
    void operator()(const firestore_geo_point& value) const {
        out += R"("geoPointValue":)";
        append_geo_point(out, value);
    }
    void operator()(const firestore_array& value) const {
        out += R"("arrayValue":)";
        append_array(out, value);
    }
    void operator()(const firestore_fields& value) const {
        out += R"("mapValue":)";
        append_map(out, value);
    }
};

} // namespace

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

} // namespace byot::google
