#include "telemetry/request_trace.hpp"

#include "core/encoding.hpp"
#include "telemetry/access_record.hpp"

#include <sodium.h>

#include <cmath>

namespace byot::telemetry {
namespace {

constexpr std::size_t usual_spans = 6;

span_time now() noexcept {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

template <class Id>
Id random_id() noexcept {
    Id id;
    do {
        randombytes_buf(id.data(), id.size());
    } while (id == Id{}); // W3C Trace Context §3.2.2: zeros are no id
    return id;
}

/// `text` has as many hexadecimal digits as fit.
template <class Id>
Id id_of(std::string_view text) noexcept {
    Id id{};
    for (std::size_t i = 0; i < id.size(); ++i)
        id[i] = static_cast<std::uint8_t>(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
    return id;
}

/// The last eight bytes, which are random in a trace's id of any origin (W3C Trace Context Level 2 §3.2.2.3).
bool is_within(double ratio, const trace_id& trace) noexcept {
    std::uint64_t number = 0;
    for (std::size_t i = 8; i < trace.size(); ++i) number = number << 8 | trace[i];
    return std::ldexp(static_cast<double>(number), -64) < ratio;
}

} // namespace

request_trace::request_trace(const trace_id& trace, const std::optional<span_id>& parent) {
    own_.trace = trace;
    own_.id = random_id<span_id>();
    own_.parent = parent;
    own_.kind = span_kind::server;
    within_.reserve(usual_spans);
}

std::size_t request_trace::begin(std::string_view name, span_kind kind) {
    span& begun = within_.emplace_back();
    begun.trace = own_.trace;
    begun.id = random_id<span_id>();
    begun.parent = own_.id;
    begun.name = name;
    begun.kind = kind;
    begun.begin = now();
    return within_.size() - 1;
}

std::string request_trace::traceparent_of(std::size_t place) const {
    return "00-" + hex_encode(own_.trace) + "-" + hex_encode(within_[place].id) + "-01";
}

std::vector<span> request_trace::finish(const access_record& record) && {
    own_.end = now();
    own_.begin = own_.end - record.duration;
    own_.name = record.route;
    own_.has_failed = record.status == 0 || record.status >= 500;
    own_.attributes = {{"http.route", record.route},
                       {"http.request.method", record.method},
                       {"error.type", record.reason},
                       {"byot.provider", record.provider},
                       {"byot.outcome", record.outcome}};
    if (record.status != 0) own_.attributes.emplace_back("http.response.status_code", record.status);
    for (auto& one : within_) {
        if (one.end == span_time{}) one.end = own_.end;
    }
    within_.push_back(std::move(own_));
    return std::move(within_);
}

std::unique_ptr<request_trace> begin_trace(access_record& record, const sampling& how) {
    const bool has_parent = !record.trace_id.empty();
    if (has_parent && how.is_parent_based && !record.is_sampled) return nullptr;
    const auto trace = has_parent ? id_of<trace_id>(record.trace_id) : random_id<trace_id>();
    if (!(has_parent && how.is_parent_based) && !is_within(how.ratio, trace)) return nullptr;
    std::optional<span_id> parent;
    if (has_parent) parent = id_of<span_id>(record.span_id);
    auto begun = std::make_unique<request_trace>(trace, parent);
    record.trace_id = hex_encode(trace);
    record.span_id = hex_encode(begun->id());
    record.is_sampled = true;
    return begun;
}

void scoped_span::fail(std::string_view reason) {
    if (!in_) return;
    auto& span = in_->of(place_);
    span.has_failed = true;
    span.attributes.emplace_back("error.type", reason);
}

void scoped_span::end() noexcept {
    if (in_) in_->of(place_).end = now();
    in_ = nullptr;
}

} // namespace byot::telemetry
