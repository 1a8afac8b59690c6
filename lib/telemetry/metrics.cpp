#include "telemetry/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>

namespace byot::telemetry {
namespace {

struct metric_row {
    metric which;
    std::string_view name;
    metric_type type;
    std::array<std::string_view, std::tuple_size_v<label_values>> labels;
    std::string_view help;
};

// To add a metric: a name in `metric`, a row here, and the place that counts.
constexpr std::array<metric_row, metric_count> table{{
    {metric::requests,
     "byot_requests_total",
     metric_type::counter,
     {"route", "method", "code", "reason"},
     "Requests answered."},
    {metric::request_duration,
     "byot_request_duration_seconds",
     metric_type::histogram,
     {"route"},
     "From a request's head to the end of its answer."},
    {metric::upstream_first_byte,
     "byot_upstream_first_byte_seconds",
     metric_type::histogram,
     {},
     "From a request's head to the upstream's answer."},
    {metric::signatures_verified,
     "byot_signatures_verified_total",
     metric_type::counter,
     {},
     "Signatures of ID tokens looked at."},
    {metric::open_connections,
     "byot_open_connections",
     metric_type::gauge,
     {},
     "Client connections open now."},
    {metric::forwarding_faults,
     "byot_forwarding_faults_total",
     metric_type::counter,
     {"fault"},
     "Requests whose X-Forwarded-For did not name their client."},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].which != static_cast<metric>(i)) return false;
    }
    return true;
}
static_assert(is_in_order(), "a row for each metric, in the order of the enumeration");

std::string_view word_of(metric_type of) {
    switch (of) {
    case metric_type::counter:
        return "counter";
    case metric_type::gauge:
        return "gauge";
    case metric_type::histogram:
        break;
    }
    return "histogram";
}

std::size_t label_count(const metric_row& row) {
    const auto end = std::find(row.labels.begin(), row.labels.end(), std::string_view());
    return static_cast<std::size_t>(end - row.labels.begin());
}

/// A row's labels with their values; the text of numbers is kept here.
class named_labels {
public:
    named_labels(const metric_row& row, const label_values& values) : count_(label_count(row)) {
        for (std::size_t i = 0; i < count_; ++i) {
            if (values[i].is_number) numbers_[i] = std::to_string(values[i].number);
            all_[i] = {row.labels[i], values[i].is_number ? numbers_[i] : values[i].text};
        }
    }
    named_labels(const named_labels&) = delete;
    named_labels& operator=(const named_labels&) = delete;

    metrics_text::labels view() const { return {all_.data(), count_}; }

private:
    std::array<metrics_text::label, std::tuple_size_v<label_values>> all_{};
    std::array<std::string, std::tuple_size_v<label_values>> numbers_;
    std::size_t count_;
};

metrics_text::buckets buckets_of(const duration_histogram& from) {
    return {from.upper_seconds, from.counts, from.sum_seconds};
}

void write(metrics_text& text, const metric_row& row, const label_values& values, std::uint64_t number) {
    text.add(named_labels(row, values).view(), number);
}

void write(metrics_text& text, const metric_row& row, const label_values& values,
           const duration_histogram& durations) {
    text.add(named_labels(row, values).view(), buckets_of(durations));
}

template <class Samples>
void write_all(metrics_text& text, const metric_row& row, const Samples& samples) {
    for (const auto& [values, sample] : samples) write(text, row, values, sample);
    if (samples.empty() && label_count(row) == 0) write(text, row, {}, typename Samples::mapped_type{});
}

void append_escaped(std::string& to, std::string_view value) {
    for (const char c : value) {
        if (c == '\n') {
            to += "\\n";
            continue;
        }
        if (c == '\\' || c == '"') to += '\\';
        to += c;
    }
}

void append_label(std::string& to, std::string_view name, std::string_view value) {
    to += to.back() == '{' ? "" : ",";
    to += name;
    to += "=\"";
    append_escaped(to, value);
    to += '"';
}

template <typename Number>
void append_value(std::string& to, Number value) {
    fmt::format_to(std::back_inserter(to), " {}\n", value);
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

void metric_values::count(metric which, const label_values& labels, std::uint64_t more) {
    of(which).numbers[labels] += more;
}

void metric_values::observe(metric which, const label_values& labels, std::chrono::microseconds took) {
    of(which).durations[labels].observe(took);
}

void metric_values::set(metric which, std::uint64_t value) {
    of(which).numbers[{}] = value;
}

void metric_values::add(const metric_values& other) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
        for (const auto& [labels, number] : other.all_[i].numbers) all_[i].numbers[labels] += number;
        for (const auto& [labels, durations] : other.all_[i].durations)
            all_[i].durations[labels].add(durations);
    }
}

std::string metric_values::as_text() const {
    metrics_text text;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& row = table[i];
        text.begin(row.name, row.type, row.help);
        if (row.type == metric_type::histogram) {
            write_all(text, row, all_[i].durations);
        } else {
            write_all(text, row, all_[i].numbers);
        }
    }
    return std::move(text).take();
}

void count_request(metric_values& to, const access_record& record) {
    to.count(metric::requests, {record.route, record.method, record.status, record.reason});
    to.observe(metric::request_duration, {record.route}, record.duration);
    if (record.first_byte.count() > 0) to.observe(metric::upstream_first_byte, {}, record.first_byte);
    if (!record.forwarding_fault.empty()) to.count(metric::forwarding_faults, {record.forwarding_fault});
}

std::string metrics_reference() {
    std::string text = "| Metric | Type | Labels | |\n|---|---|---|---|\n";
    for (const auto& row : table) {
        std::string labels;
        for (std::size_t i = 0; i < label_count(row); ++i)
            labels.append(i == 0 ? "" : ", ").append(row.labels[i]);
        fmt::format_to(std::back_inserter(text), "| {} | {} | {} | {} |\n", row.name, word_of(row.type),
                       labels, row.help);
    }
    return text;
}

void metrics_text::begin(std::string_view name, metric_type of, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, word_of(of));
}

void metrics_text::add(labels of, std::uint64_t value) {
    begin_sample("", of);
    append_value(text_, value);
}

void metrics_text::add(labels of, const buckets& observed) {
    begin_sample("_count", of);
    append_value(text_, std::reduce(observed.counts.begin(), observed.counts.end()));
    begin_sample("_sum", of);
    append_value(text_, observed.sum);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < observed.counts.size(); ++i) {
        so_far += observed.counts[i];
        begin_sample("_bucket", of,
                     i < observed.upper_bounds.size() ? fmt::format("{}", observed.upper_bounds[i]) : "+Inf");
        append_value(text_, so_far);
    }
}

/// The name and the labels, with a bucket's bound as the last of them.
void metrics_text::begin_sample(std::string_view suffix, labels of, std::string_view bound) {
    text_.append(name_).append(suffix);
    if (of.empty() && bound.empty()) return;
    text_ += '{';
    for (const auto& [name, value] : of) append_label(text_, name, value);
    if (!bound.empty()) append_label(text_, "le", bound);
    text_ += '}';
}

} // namespace byot::telemetry
