#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace byot::telemetry {

struct access_record;

/// Every metric of this service. Each has a row in the table of metrics.cpp, from which Prometheus' text,
/// OTLP, zeros and documentation come.
enum class metric : std::uint8_t {
    request_duration,
    time_to_first_byte,
    active_streams,
    open_connections,
    upstream_errors,
    token_verifications,
    key_cache_lookups,
    key_verdicts,
    limits_exceeded,
    forwarding_faults,
    store_duration,
    certificate_age,
    reactor_lag,
    log_lines_lost,
    export_losses,
    build_info,
    process_uptime,
    process_cpu_time,
    process_memory,
};
inline constexpr std::size_t metric_count = static_cast<std::size_t>(metric::process_memory) + 1;

/// The kinds that Prometheus and OpenTelemetry both have.
enum class metric_type : std::uint8_t { counter, gauge, histogram };
/// As Prometheus writes it.
std::string_view name_of(metric_type type) noexcept;

/// What is known of a metric without its values. Names, units and labels are OpenTelemetry's where its
/// semantic conventions have them (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/).
struct metric_row {
    metric which;
    std::string_view name;
    metric_type type;
    std::string_view unit; ///< UCUM: "s", "By", or an annotation as "{request}"
    std::array<std::string_view, 4> labels;
    std::string_view help;

    /// Of `labels`, those that there are.
    std::span<const std::string_view> used_labels() const noexcept;
    /// The name in Prometheus: with underscores, its unit, and "_total" for a counter
    /// (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/).
    std::string prometheus_name() const;
};

/// All metrics, in the order of the enumeration.
std::span<const metric_row, metric_count> metric_table() noexcept;

/// The value of a label: a text that lives as long as the process (of the route table or the error table, and
/// nothing that a client chose, so that there is a bound on them), or a number. An empty text is no label.
struct label_value {
    label_value() noexcept = default;
    label_value(std::string_view of) noexcept : text(of) {}
    label_value(const char* of) noexcept : text(of) {}
    label_value(unsigned of) noexcept : number(of), is_number(true) {}
    auto operator<=>(const label_value&) const = default;
    bool is_empty() const noexcept { return !is_number && text.empty(); }

    std::string_view text;
    unsigned number = 0;
    bool is_number = false;
};

/// The values of a metric's labels in the order of its row; the rest is unused.
using label_values = std::array<label_value, std::tuple_size_v<decltype(metric_row::labels)>>;

/// How long things took, in buckets: those that the semantic conventions advise for HTTP, a finer one below
/// and coarser ones above, as streams last for minutes.
struct duration_histogram {
    static constexpr std::array<double, 19> upper_seconds{
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 900};

    void observe(std::chrono::microseconds took) noexcept;
    void add(const duration_histogram& other) noexcept;
    std::uint64_t count() const noexcept;

    /// By bucket, not summed up; the last is +Inf's.
    std::array<std::uint64_t, upper_seconds.size() + 1> counts{};
    double sum_seconds = 0;
};

/// One reactor's metrics: plain numbers, no atomics. What allocates may throw std::bad_alloc.
class metric_values {
public:
    using numbers = std::map<label_values, double>;
    using durations = std::map<label_values, duration_histogram>;

    /// Adds to a counter, or to a gauge that counts.
    void count(metric which, const label_values& of = {}, double more = 1);
    /// Adds to a histogram.
    void observe(metric which, const label_values& of, std::chrono::microseconds took);
    /// Sets a gauge, or a counter whose sum is kept elsewhere.
    void set(metric which, double value, const label_values& of = {});
    /// Another reactor's values on top of these.
    void add(const metric_values& other);

    /// A counter's or gauge's values. Without labels there is always one.
    numbers numbers_of(metric which) const;
    /// A histogram's values. Without labels there is always one.
    durations durations_of(metric which) const;

private:
    struct samples {
        telemetry::metric_values::numbers numbers;
        telemetry::metric_values::durations durations;
    };
    samples& of(metric which) noexcept { return all_[static_cast<std::size_t>(which)]; }
    const samples& of(metric which) const noexcept { return all_[static_cast<std::size_t>(which)]; }

    std::array<samples, metric_count> all_;
};

/// Counts a request that was answered, or whose connection ended before.
void count_request(metric_values& to, const access_record& record);

/// The table of all metrics as Markdown, as it stands in README.md; a test holds it against this.
std::string metrics_reference();

} // namespace byot::telemetry
