#include "telemetry/request_counts.hpp"

#include "telemetry/metrics_text.hpp"

#include <string>

namespace byot::telemetry {
namespace {

metrics_text::buckets buckets_of(const duration_histogram& from) {
    return {from.upper_seconds, from.counts, from.sum_seconds};
}

} // namespace

void duration_histogram::observe(std::chrono::microseconds took) noexcept {
    const double seconds = std::chrono::duration<double>(took).count();
    std::size_t bucket = 0;
    while (bucket < upper_seconds.size() && seconds > upper_seconds[bucket]) ++bucket;
    ++counts[bucket];
    sum_seconds += seconds;
}

void duration_histogram::add(const duration_histogram& other) noexcept {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    sum_seconds += other.sum_seconds;
}

void request_counts::count(const access_record& record) {
    ++requests_[{record.route, record.method, record.status, record.reason}];
    durations_[record.route].observe(record.duration);
    if (record.first_byte.count() > 0) first_bytes_.observe(record.first_byte);
    if (!record.forwarding_fault.empty()) ++forwarding_faults_[record.forwarding_fault];
}

void request_counts::add(const request_counts& other) {
    for (const auto& [name, count] : other.requests_) requests_[name] += count;
    for (const auto& [route, histogram] : other.durations_) durations_[route].add(histogram);
    first_bytes_.add(other.first_bytes_);
    for (const auto& [fault, count] : other.forwarding_faults_) forwarding_faults_[fault] += count;
    signatures_ += other.signatures_;
}

std::string request_counts::as_text(std::uint64_t open_connections) const {
    using enum metrics_text::kind;
    metrics_text text;
    text.begin("byot_requests_total", counter, "Requests answered.");
    for (const auto& [name, count] : requests_) {
        const auto& [route, method, code, reason] = name;
        const auto status = std::to_string(code);
        text.add({{"route", route}, {"method", method}, {"code", status}, {"reason", reason}}, count);
    }
    text.begin("byot_request_duration_seconds", histogram, "From a request's head to the end of its answer.");
    for (const auto& [route, took] : durations_) text.add({{"route", route}}, buckets_of(took));
    text.begin("byot_upstream_first_byte_seconds", histogram,
               "From a request's head to the upstream's answer.");
    text.add({}, buckets_of(first_bytes_));
    text.begin("byot_signatures_verified_total", counter, "Signatures of ID tokens looked at.");
    text.add({}, signatures_);
    text.begin("byot_open_connections", gauge, "Client connections open now.");
    text.add({}, open_connections);
    text.begin("byot_forwarding_faults_total", counter,
               "Requests whose X-Forwarded-For did not name their client.");
    for (const auto& [fault, count] : forwarding_faults_) text.add({{"fault", fault}}, count);
    return std::move(text).take();
}

} // namespace byot::telemetry
