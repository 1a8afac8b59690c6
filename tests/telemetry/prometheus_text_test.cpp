#include "telemetry/prometheus_text.hpp"

#include <boost/test/unit_test.hpp>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace byot::telemetry;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<double, 3> bounds{0.001, 0.25, 5};
constexpr std::array<std::uint64_t, 4> per_bucket{3, 0, 12345678901, 1};
constexpr double sum = 0.1 + 0.2;
const std::string hostile = "a\"b\\c\nd{e},\xC3\xA4";

/// As lines of a sample's name and its value: how many digits a value has is left to the writer.
std::vector<std::pair<std::string, double>> samples_of(const std::string& text) {
    std::vector<std::pair<std::string, double>> found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.rfind(' ');
        if (line.starts_with("# ")) {
            found.emplace_back(line, 0);
        } else {
            found.emplace_back(line.substr(0, space), std::stod(line.substr(space + 1)));
        }
    }
    return found;
}

MetricFamily family(std::string name, MetricType type, std::vector<ClientMetric> metrics) {
    MetricFamily made;
    made.name = std::move(name);
    made.help = "What it is.";
    made.type = type;
    made.metric = std::move(metrics);
    return made;
}

ClientMetric counted(double value) {
    ClientMetric metric;
    metric.counter.value = metric.gauge.value = value;
    return metric;
}

ClientMetric observed() {
    ClientMetric metric;
    metric.label = {{"route", "/a"}};
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < per_bucket.size(); ++i) {
        so_far += per_bucket[i];
        const double bound = i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({so_far, bound});
    }
    metric.histogram.sample_count = so_far;
    metric.histogram.sample_sum = sum;
    return metric;
}

std::string as_prometheus_writes_it() {
    auto labelled = counted(7);
    labelled.label = {{"one", hostile}, {"two", ""}};
    return prometheus::TextSerializer().Serialize(
        {family("requests", MetricType::Counter, {labelled, counted(0)}),
         family("connections", MetricType::Gauge, {counted(3)}),
         family("seconds", MetricType::Histogram, {observed()}), family("nothing", MetricType::Counter, {})});
}

std::string as_we_write_it() {
    using enum metric_type;
    prometheus_writer text;
    text.begin("requests", counter, "What it is.");
    text.add({{"one", hostile}, {"two", ""}}, 7);
    text.add({}, 0);
    text.begin("connections", gauge, "What it is.");
    text.add({}, 3);
    text.begin("seconds", histogram, "What it is.");
    text.add({{"route", "/a"}}, {bounds, per_bucket, sum});
    text.begin("nothing", counter, "What it is.");
    return std::move(text).take();
}

} // namespace

BOOST_AUTO_TEST_SUITE(prometheus_text_is_what)

BOOST_AUTO_TEST_CASE(prometheus_own_serializer_writes) {
    const auto ours = samples_of(as_we_write_it());
    const auto theirs = samples_of(as_prometheus_writes_it());
    BOOST_TEST_REQUIRE(ours.size() == theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        BOOST_TEST(ours[i].first == theirs[i].first);
        BOOST_TEST(ours[i].second == theirs[i].second, boost::test_tools::tolerance(1e-15));
    }
}

BOOST_AUTO_TEST_CASE(every_line_is_ended) {
    BOOST_TEST(as_we_write_it().ends_with("# TYPE nothing counter\n"));
}

BOOST_AUTO_TEST_SUITE_END()
