#include "telemetry/metrics.hpp"

#include "telemetry/access_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace byot::telemetry {
namespace {

using enum metric_type;

// To add a metric: a name in `metric`, a row here, and the place that counts.
constexpr std::array<metric_row, metric_count> table{{
    {metric::request_duration,
     "http.server.request.duration",
     histogram,
     "s",
     {"http.route", "http.request.method", "http.response.status_code", "error.type"},
     "From a request's head to the end of its answer; error.type is the reason of the error."},
    {metric::time_to_first_byte,
     "byot.upstream.time_to_first_byte",
     histogram,
     "s",
     {},
     "From a request's head to the first byte of the upstream's answer."},
    {metric::active_streams,
     "byot.upstream.active_streams",
     gauge,
     "{stream}",
     {},
     "AI requests being answered now."},
    {metric::open_connections,
     "byot.connections.open",
     gauge,
     "{connection}",
     {},
     "Client connections open now."},
    {metric::upstream_errors,
     "byot.upstream.errors",
     counter,
     "{error}",
     {"error.type"},
     "AI requests that the upstream did not answer, or whose answer it cut."},
    {metric::token_verifications,
     "byot.token.verifications",
     counter,
     "{token}",
     {"byot.result"},
     "ID tokens taken or refused: by their signature, or as one that is remembered."},
    {metric::key_cache_lookups,
     "byot.key.cache.lookups",
     counter,
     "{lookup}",
     {"byot.result"},
     "Stored keys needed: a hit was in memory, a miss was read from the store."},
    {metric::key_verdicts,
     "byot.key.verdicts",
     counter,
     "{key}",
     {"byot.provider", "byot.state"},
     "What a provider said of a key, when it was tried or used."},
    {metric::limits_exceeded,
     "byot.limits.exceeded",
     counter,
     "{request}",
     {"byot.limit"},
     "Requests refused by a limit."},
    {metric::forwarding_faults,
     "byot.forwarding.faults",
     counter,
     "{request}",
     {"error.type"},
     "Requests whose X-Forwarded-For did not name their client."},
    {metric::store_duration,
     "db.client.operation.duration",
     histogram,
     "s",
     {"db.system.name", "db.operation.name", "error.type"},
     "Calls of the store, retries included."},
    {metric::certificate_age,
     "byot.certificates.age",
     gauge,
     "s",
     {},
     "Since the certificates that tokens are checked with were fetched."},
    {metric::reactor_lag,
     "byot.reactor.lag",
     histogram,
     "s",
     {"byot.reactor"},
     "How late a reactor comes to what it does every 100 ms."},
    {metric::log_lines_lost, "byot.log.lines_lost", counter, "{line}", {}, "Log lines dropped."},
    {metric::export_losses,
     "byot.export.lost",
     counter,
     "{item}",
     {"byot.signal"},
     "Spans and rounds of metrics that the collector did not get."},
    {metric::build_info, "byot.build.info", gauge, "", {"service.version", "byot.commit"}, "Always 1."},
    {metric::process_uptime, "process.uptime", gauge, "s", {}, "Since the start."},
    {metric::process_cpu_time, "process.cpu.time", counter, "s", {}, "CPU used, user and system."},
    {metric::process_memory, "process.memory.usage", gauge, "By", {}, "Resident memory."},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].which != static_cast<metric>(i)) return false;
    }
    return true;
}
static_assert(is_in_order(), "a row for each metric, in the order of the enumeration");

const metric_row& row_of(metric which) {
    return table[static_cast<std::size_t>(which)];
}

std::string_view suffix_of(std::string_view unit) {
    if (unit == "s") return "_seconds";
    return unit == "By" ? "_bytes" : "";
}

/// A dashboard must tell a service without such events from one that does not count them.
template <class Samples>
Samples with_zero(Samples samples, metric which) {
    if (row_of(which).used_labels().empty()) samples.try_emplace(label_values{});
    return samples;
}

bool is_upstream_error(std::string_view reason) {
    return reason.starts_with("UPSTREAM_");
}

} // namespace

std::string_view name_of(metric_type type) noexcept {
    constexpr std::array<std::string_view, 3> names{"counter", "gauge", "histogram"};
    return names[static_cast<std::size_t>(type)];
}

std::span<const std::string_view> metric_row::used_labels() const noexcept {
    const auto end = std::find(labels.begin(), labels.end(), std::string_view());
    return {labels.begin(), end};
}

std::string metric_row::prometheus_name() const {
    std::string text(name);
    std::replace(text.begin(), text.end(), '.', '_');
    text += suffix_of(unit);
    if (type == counter) text += "_total";
    return text;
}

std::span<const metric_row, metric_count> metric_table() noexcept {
    return table;
}

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

std::uint64_t duration_histogram::count() const noexcept {
    return std::reduce(counts.begin(), counts.end());
}

void metric_values::count(metric which, const label_values& labels, double more) {
    of(which).numbers[labels] += more;
}

void metric_values::observe(metric which, const label_values& labels, std::chrono::microseconds took) {
    of(which).durations[labels].observe(took);
}

void metric_values::set(metric which, double value, const label_values& labels) {
    of(which).numbers[labels] = value;
}

void metric_values::add(const metric_values& other) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
        for (const auto& [labels, number] : other.all_[i].numbers) all_[i].numbers[labels] += number;
        for (const auto& [labels, times] : other.all_[i].durations) all_[i].durations[labels].add(times);
    }
}

metric_values::numbers metric_values::numbers_of(metric which) const {
    return with_zero(of(which).numbers, which);
}

metric_values::durations metric_values::durations_of(metric which) const {
    return with_zero(of(which).durations, which);
}

void count_request(metric_values& to, const access_record& record) {
    to.observe(metric::request_duration, {record.route, record.method, record.status, record.reason},
               record.duration);
    if (record.first_byte.count() > 0) to.observe(metric::time_to_first_byte, {}, record.first_byte);
    if (is_upstream_error(record.reason)) to.count(metric::upstream_errors, {record.reason});
    if (record.outcome == "upstream_gone") to.count(metric::upstream_errors, {record.outcome});
    if (!record.forwarding_fault.empty()) to.count(metric::forwarding_faults, {record.forwarding_fault});
    if (!record.token.empty()) to.count(metric::token_verifications, {record.token});
    if (!record.key_lookup.empty()) to.count(metric::key_cache_lookups, {record.key_lookup});
    if (!record.verdict.empty()) to.count(metric::key_verdicts, {record.provider, record.verdict});
    if (!record.limit.empty()) to.count(metric::limits_exceeded, {record.limit});
}

std::string metrics_reference() {
    std::string text = "| Metric | Type | Labels | |\n|---|---|---|---|\n";
    for (const auto& row : table) {
        std::string labels;
        for (const auto& label : row.used_labels()) {
            if (!labels.empty()) labels += ", ";
            labels += label;
        }
        std::replace(labels.begin(), labels.end(), '.', '_');
        fmt::format_to(std::back_inserter(text), "| {} | {} | {} | {} |\n", row.prometheus_name(),
                       name_of(row.type), labels, row.help);
    }
    return text;
}

} // namespace byot::telemetry
