#pragma once

#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::telemetry {

struct access_record;

using trace_id = std::array<std::uint8_t, 16>;
using span_id = std::array<std::uint8_t, 8>;
/// The calendar's, finer than `wall_time`: a token's look-up takes microseconds.
using span_time = std::chrono::sys_time<std::chrono::microseconds>;

/// OpenTelemetry's kinds that this service has, with their numbers in OTLP.
enum class span_kind : std::uint8_t { internal = 1, server = 2, client = 3 };

/// A part of a request's way, done (https://opentelemetry.io/docs/specs/otel/trace/api/#span). Its name and
/// the values of its attributes are texts of this program's own or bounded by a table, as those of metrics:
/// no user, no key, no path.
struct span {
    trace_id trace{};
    span_id id{};
    std::optional<span_id> parent;
    std::string_view name;
    span_kind kind = span_kind::internal;
    span_time begin{};
    span_time end{};
    std::vector<std::pair<std::string_view, label_value>> attributes;
    bool has_failed = false;
};

/// Which requests are traced: OTEL_TRACES_SAMPLER and its argument.
struct sampling {
    /// A client's `traceparent` decides where there is one, and the ratio where there is none.
    bool is_parent_based = true;
    double ratio = 1; ///< of traces, by their id; 0 … 1
};

/// The spans of one request while it is answered: its own, which is the parent of those within. Only what is
/// sampled has one. Not for two threads.
class request_trace {
public:
    explicit request_trace(const trace_id& trace, const std::optional<span_id>& parent);

    const span_id& id() const noexcept { return own_.id; }
    /// Begins a span within, as of now. `name` is a constant. Its place, for `of`.
    std::size_t begin(std::string_view name, span_kind kind);
    span& of(std::size_t place) noexcept { return within_[place]; }

    /// A `traceparent` that makes a span the parent of what is asked of another service.
    std::string traceparent_of(std::size_t place) const;

    /// All spans, when the request is over: as `record` tells it.
    std::vector<span> finish(const access_record& record) &&;

private:
    span own_;
    std::vector<span> within_;
};

/// The trace of a request, null when it is not sampled. Where one begins, the record is told its ids, so that
/// the log's line is found from it.
std::unique_ptr<request_trace> begin_trace(access_record& record, const sampling& how);

/// A span from here to the end of the block; nothing where there is no trace.
class scoped_span {
public:
    scoped_span(request_trace* in, std::string_view name, span_kind kind = span_kind::internal)
        : in_(in), place_(in ? in->begin(name, kind) : 0) {}
    ~scoped_span() { end(); }
    scoped_span(const scoped_span&) = delete;
    scoped_span& operator=(const scoped_span&) = delete;

    void add(std::string_view name, const label_value& value) {
        if (in_) in_->of(place_).attributes.emplace_back(name, value);
    }
    /// With the reason of the error table.
    void fail(std::string_view reason);
    void end() noexcept;
    /// As `request_trace::traceparent_of`; empty where there is no trace.
    std::string traceparent() const { return in_ ? in_->traceparent_of(place_) : std::string(); }

private:
    request_trace* in_;
    std::size_t place_;
};

} // namespace byot::telemetry
