#include "telemetry/otlp.hpp"

#include <bit>
#include <chrono>
#include <cstdint>
#include <string_view>

// The numbers of fields are those of opentelemetry/proto (common, resource, metrics and trace, v1).

namespace byot::telemetry {
namespace {

/// A message in protobuf's wire format (https://protobuf.dev/programming-guides/encoding/).
class protobuf_message {
public:
    void add_number(unsigned field, std::uint64_t value) {
        add_tag(field, 0);
        add_varint(value);
    }
    void add_fixed(unsigned field, std::uint64_t value) {
        add_tag(field, 1);
        append_fixed(value);
    }
    void add_real(unsigned field, double value) { add_fixed(field, std::bit_cast<std::uint64_t>(value)); }
    void add_text(unsigned field, std::string_view value) {
        add_tag(field, 2);
        add_varint(value.size());
        bytes_ += value;
    }
    template <std::size_t Size>
    void add_bytes(unsigned field, const std::array<std::uint8_t, Size>& value) {
        add_text(field, {reinterpret_cast<const char*>(value.data()), value.size()});
    }
    void add(unsigned field, const protobuf_message& inner) { add_text(field, inner.bytes_); }
    /// Without a tag: the next of a packed field.
    void append_fixed(std::uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(value >> shift & 0xff);
    }

    std::string take() && { return std::move(bytes_); }

private:
    void add_tag(unsigned field, unsigned wire_type) { add_varint(field << 3 | wire_type); }
    void add_varint(std::uint64_t value) {
        for (; value > 0x7f; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
        bytes_ += static_cast<char>(value);
    }

    std::string bytes_;
};

constexpr std::uint64_t cumulative = 2;

std::uint64_t nanoseconds(span_time when) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count());
}

protobuf_message key_value(std::string_view key, const label_value& value) {
    protobuf_message any;
    if (value.is_number) {
        any.add_number(3, value.number);
    } else {
        any.add_text(1, value.text);
    }
    protobuf_message pair;
    pair.add_text(1, key);
    pair.add(2, any);
    return pair;
}

void add_attributes(protobuf_message& to, unsigned field, const metric_row& row, const label_values& values) {
    const auto names = row.used_labels();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!values[i].is_empty()) to.add(field, key_value(names[i], values[i]));
    }
}

struct period {
    wall_time begin;
    wall_time end;
};

void add_period(protobuf_message& to, period of) {
    to.add_fixed(2, nanoseconds(of.begin));
    to.add_fixed(3, nanoseconds(of.end));
}

protobuf_message number_point(const metric_row& row, const label_values& labels, double value, period of) {
    protobuf_message point;
    add_attributes(point, 7, row, labels);
    add_period(point, of);
    point.add_real(4, value);
    return point;
}

protobuf_message histogram_point(const metric_row& row, const label_values& labels,
                                 const duration_histogram& values, period of) {
    protobuf_message counts;
    for (const auto count : values.counts) counts.append_fixed(count);
    protobuf_message bounds;
    for (const auto bound : values.upper_seconds) bounds.append_fixed(std::bit_cast<std::uint64_t>(bound));

    protobuf_message point;
    add_attributes(point, 9, row, labels);
    add_period(point, of);
    point.add_fixed(4, values.count());
    point.add_real(5, values.sum_seconds);
    point.add(6, counts);
    point.add(7, bounds);
    return point;
}

/// Gauge, Sum or Histogram; `field` is where a Metric has it.
struct metric_data {
    unsigned field = 0;
    bool is_empty = true;
    protobuf_message message;
};

metric_data data_of(const metric_row& row, const metric_values& values, period of) {
    metric_data data;
    if (row.type == metric_type::histogram) {
        for (const auto& [labels, durations] : values.durations_of(row.which)) {
            data.message.add(1, histogram_point(row, labels, durations, of));
            data.is_empty = false;
        }
    } else {
        for (const auto& [labels, number] : values.numbers_of(row.which)) {
            data.message.add(1, number_point(row, labels, number, of));
            data.is_empty = false;
        }
    }
    if (row.type != metric_type::gauge) data.message.add_number(2, cumulative);
    if (row.type == metric_type::counter) data.message.add_number(3, 1); // is_monotonic
    data.field = row.type == metric_type::gauge ? 5 : row.type == metric_type::counter ? 7 : 9;
    return data;
}

protobuf_message metric_message(const metric_row& row, const metric_data& data) {
    protobuf_message message;
    message.add_text(1, row.name);
    message.add_text(2, row.help);
    message.add_text(3, row.unit);
    message.add(data.field, data.message);
    return message;
}

protobuf_message span_message(const span& of) {
    protobuf_message message;
    message.add_bytes(1, of.trace);
    message.add_bytes(2, of.id);
    if (of.parent) message.add_bytes(4, *of.parent);
    message.add_text(5, of.name);
    message.add_number(6, static_cast<std::uint64_t>(of.kind));
    message.add_fixed(7, nanoseconds(of.begin));
    message.add_fixed(8, nanoseconds(of.end));
    for (const auto& [name, value] : of.attributes) {
        if (!value.is_empty()) message.add(9, key_value(name, value));
    }
    if (of.has_failed) {
        protobuf_message status;
        status.add_number(3, 2); // STATUS_CODE_ERROR
        message.add(15, status);
    }
    return message;
}

/// The same for both signals: of a resource the things of one scope.
std::string export_request(const otlp_source& from, const protobuf_message& things_of_scope) {
    protobuf_message resource;
    for (const auto& [name, value] : from.resource) resource.add(1, key_value(name, std::string_view(value)));
    protobuf_message of_resource;
    of_resource.add(1, resource);
    of_resource.add(2, things_of_scope);
    protobuf_message request;
    request.add(1, of_resource);
    return std::move(request).take();
}

protobuf_message begin_scope(const otlp_source& from) {
    protobuf_message scope;
    scope.add_text(1, "byot");
    scope.add_text(2, from.version);
    protobuf_message of_scope;
    of_scope.add(1, scope);
    return of_scope;
}

} // namespace

std::string otlp_metrics(const metric_values& values, const otlp_source& from, wall_time now) {
    auto of_scope = begin_scope(from);
    for (const auto& row : metric_table()) {
        const auto data = data_of(row, values, {from.started, now});
        if (!data.is_empty) of_scope.add(2, metric_message(row, data));
    }
    return export_request(from, of_scope);
}

std::string otlp_spans(std::span<const span> spans, const otlp_source& from) {
    auto of_scope = begin_scope(from);
    for (const auto& one : spans) of_scope.add(2, span_message(one));
    return export_request(from, of_scope);
}

} // namespace byot::telemetry
