#pragma once

#include "telemetry/access_record.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace byot::telemetry {

/// How long things took, in the buckets of a Prometheus histogram.
struct duration_histogram {
    static constexpr std::array<double, 10> upper_seconds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120};

    void observe(std::chrono::microseconds took) noexcept;
    void add(const duration_histogram& other) noexcept;

    std::array<std::uint64_t, upper_seconds.size() + 1>
        counts{}; ///< by bucket, not summed up; the last is +Inf's
    double sum_seconds = 0;
};

/// One reactor's counts of requests: plain numbers, no atomics. The names are those of the route table and
/// the error table and nothing that a client chose, so there is a bound on them.
class request_counts {
public:
    void count(const access_record& record);
    /// How many token signatures this reactor has verified so far.
    void note_signatures(std::uint64_t verified) noexcept { signatures_ = verified; }
    /// Another reactor's counts on top of these.
    void add(const request_counts& other);

    /// Prometheus' text format 0.0.4.
    std::string as_text(std::uint64_t open_connections) const;

private:
    using request_name = std::tuple<std::string_view, std::string_view, unsigned, std::string_view>;

    std::map<request_name, std::uint64_t> requests_; ///< by route, method, status, reason
    std::map<std::string_view, duration_histogram> durations_;
    duration_histogram first_bytes_;
    std::map<std::string_view, std::uint64_t> forwarding_faults_;
    std::uint64_t signatures_ = 0;
};

} // namespace byot::telemetry
