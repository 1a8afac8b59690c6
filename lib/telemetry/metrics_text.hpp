#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace byot::telemetry {

/// Writes metrics in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
class metrics_text {
public:
    enum class kind { counter, gauge, histogram };

    struct label {
        std::string_view name;
        std::string_view value;
    };
    using labels = std::initializer_list<label>;

    /// A histogram's buckets, not summed up. `counts` has one more than there are bounds: that above the
    /// last.
    struct buckets {
        std::span<const double> upper_bounds; ///< rising
        std::span<const std::uint64_t> counts;
        double sum; ///< of all that was observed
    };

    /// Begins a metric; what is added next is of it.
    void begin(std::string_view name, kind of, std::string_view help);
    void add(labels of, std::uint64_t value);
    void add(labels of, const buckets& observed);

    std::string take() && { return std::move(text_); }

private:
    void begin_sample(std::string_view suffix, labels of, std::string_view bound = {});

    std::string text_;
    std::string name_;
};

} // namespace byot::telemetry
