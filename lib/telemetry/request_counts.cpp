#include "telemetry/request_counts.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>

namespace byot::telemetry {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

ClientMetric histogram_metric(const duration_histogram& from) {
    ClientMetric metric;
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < from.counts.size(); ++i) {
        cumulative += from.counts[i];
        ClientMetric::Bucket bucket;
        bucket.cumulative_count = cumulative;
        bucket.upper_bound =
            i < from.upper_seconds.size() ? from.upper_seconds[i] : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back(bucket);
    }
    metric.histogram.sample_count = cumulative;
    metric.histogram.sample_sum = from.sum_seconds;
    return metric;
}

MetricFamily family(std::string name, std::string help, MetricType type) {
    MetricFamily made;
    made.name = std::move(name);
    made.help = std::move(help);
    made.type = type;
    return made;
}

void label(ClientMetric& metric, std::string name, std::string_view value) {
    metric.label.push_back({std::move(name), std::string(value)});
}

MetricFamily fault_family(const std::map<std::string_view, std::uint64_t>& counts) {
    auto faults = family("byot_forwarding_faults_total",
                         "Requests whose X-Forwarded-For did not name their client.", MetricType::Counter);
    for (const auto& [fault, count] : counts) {
        ClientMetric metric;
        label(metric, "fault", fault);
        metric.counter.value = static_cast<double>(count);
        faults.metric.push_back(std::move(metric));
    }
    return faults;
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
    auto requests = family("byot_requests_total", "Requests answered.", MetricType::Counter);
    for (const auto& [name, count] : requests_) {
        ClientMetric metric;
        label(metric, "route", std::get<0>(name));
        label(metric, "method", std::get<1>(name));
        label(metric, "code", std::to_string(std::get<2>(name)));
        label(metric, "reason", std::get<3>(name));
        metric.counter.value = static_cast<double>(count);
        requests.metric.push_back(std::move(metric));
    }
    auto durations = family("byot_request_duration_seconds",
                            "From a request's head to the end of its answer.", MetricType::Histogram);
    for (const auto& [route, histogram] : durations_) {
        auto metric = histogram_metric(histogram);
        label(metric, "route", route);
        durations.metric.push_back(std::move(metric));
    }
    auto first_bytes = family("byot_upstream_first_byte_seconds",
                              "From a request's head to the upstream's answer.", MetricType::Histogram);
    first_bytes.metric.push_back(histogram_metric(first_bytes_));
    auto signatures =
        family("byot_signatures_verified_total", "Signatures of ID tokens looked at.", MetricType::Counter);
    signatures.metric.emplace_back();
    signatures.metric.back().counter.value = static_cast<double>(signatures_);
    auto connections = family("byot_open_connections", "Client connections open now.", MetricType::Gauge);
    connections.metric.emplace_back();
    connections.metric.back().gauge.value = static_cast<double>(open_connections);
    return prometheus::TextSerializer().Serialize(
        {requests, durations, first_bytes, signatures, connections, fault_family(forwarding_faults_)});
}

} // namespace byot::telemetry
