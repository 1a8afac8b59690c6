#pragma once

#include "telemetry/access_record.hpp"

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace byot::telemetry {

/// Prometheus' kinds of metrics that this service has.
enum class metric_type : std::uint8_t { counter, gauge, histogram };

/// Every metric of this service. Each has a row in the table of metrics.cpp: name, type, labels and help,
/// from which text, zeros and documentation come.
enum class metric : std::uint8_t {
    requests,
    request_duration,
    upstream_first_byte,
    signatures_verified,
    open_connections,
    forwarding_faults,
};
inline constexpr std::size_t metric_count = static_cast<std::size_t>(metric::forwarding_faults) + 1;

/// The value of a label: a text that lives as long as the process (of the route table or the error table, and
/// nothing that a client chose, so that there is a bound on them), or a number.
struct label_value {
    label_value() noexcept = default;
    label_value(std::string_view of) noexcept : text(of) {}
    label_value(unsigned of) noexcept : number(of), is_number(true) {}
    auto operator<=>(const label_value&) const = default;

    std::string_view text;
    unsigned number = 0;
    bool is_number = false;
};

/// The values of a metric's labels in the order of its row; the rest is unused.
using label_values = std::array<label_value, 4>;

/// How long things took, in the buckets of a Prometheus histogram.
struct duration_histogram {
    static constexpr std::array<double, 10> upper_seconds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120};

    void observe(std::chrono::microseconds took) noexcept;
    void add(const duration_histogram& other) noexcept;

    /// By bucket, not summed up; the last is +Inf's.
    std::array<std::uint64_t, upper_seconds.size() + 1> counts{};
    double sum_seconds = 0;
};

/// One reactor's metrics: plain numbers, no atomics. What allocates may throw std::bad_alloc.
class metric_values {
public:
    /// Adds to a counter.
    void count(metric which, const label_values& of = {}, std::uint64_t more = 1);
    /// Adds to a histogram.
    void observe(metric which, const label_values& of, std::chrono::microseconds took);
    /// Sets a gauge, or a counter whose sum is kept elsewhere.
    void set(metric which, std::uint64_t value);
    /// Another reactor's values on top of these.
    void add(const metric_values& other);

    /// Prometheus' text format 0.0.4. What has no labels is told from the start, as zero.
    std::string as_text() const;

private:
    struct samples {
        std::map<label_values, std::uint64_t> numbers;
        std::map<label_values, duration_histogram> durations;
    };
    samples& of(metric which) noexcept { return all_[static_cast<std::size_t>(which)]; }

    std::array<samples, metric_count> all_;
};

/// Counts a request that was answered, or whose connection ended before.
void count_request(metric_values& to, const access_record& record);

/// The table of all metrics as Markdown, as it stands in README.md; a test holds it against this.
std::string metrics_reference();

/// Writes metrics in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
class metrics_text {
public:
    struct label {
        std::string_view name;
        std::string_view value;
    };
    using labels = std::span<const label>;

    /// A histogram's buckets, not summed up. `counts` has one more than there are bounds: that above the
    /// last.
    struct buckets {
        std::span<const double> upper_bounds; ///< rising
        std::span<const std::uint64_t> counts;
        double sum; ///< of all that was observed
    };

    /// Begins a metric; what is added next is of it.
    void begin(std::string_view name, metric_type of, std::string_view help);
    void add(labels of, std::uint64_t value);
    void add(std::initializer_list<label> of, std::uint64_t value) {
        add(labels(of.begin(), of.size()), value);
    }
    void add(labels of, const buckets& observed);
    void add(std::initializer_list<label> of, const buckets& observed) {
        add(labels(of.begin(), of.size()), observed);
    }

    std::string take() && { return std::move(text_); }

private:
    void begin_sample(std::string_view suffix, labels of, std::string_view bound = {});

    std::string text_;
    std::string name_;
};

} // namespace byot::telemetry
