#pragma once

#include "telemetry/metrics.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace byot::telemetry {

/// All values in Prometheus' text format 0.0.4.
std::string prometheus_text(const metric_values& values);

/// Writes metrics in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
class prometheus_writer {
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
    void add(labels of, double value);
    void add(std::initializer_list<label> of, double value) { add(labels(of.begin(), of.size()), value); }
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
