#include "telemetry/metrics.hpp"

#include "test_data.hpp"

#include <boost/test/unit_test.hpp>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
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
    metrics_text text;
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

access_record answered(std::string_view route, unsigned status, std::chrono::microseconds took) {
    access_record record;
    record.method = "GET";
    record.route = route;
    record.status = status;
    record.duration = took;
    record.user = byot::user_id("somebody");
    record.flow = "secret-flow";
    return record;
}

bool says(const metric_values& values, std::string_view line) {
    return ("\n" + values.as_text()).find("\n" + std::string(line) + "\n") != std::string::npos;
}

std::string readme() {
    std::ifstream file(test_data("../README.md"));
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_text_is_what)

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

BOOST_AUTO_TEST_SUITE(metric_values_tell)

BOOST_AUTO_TEST_CASE(requests_by_route_method_code_and_reason) {
    metric_values values;
    count_request(values, answered("/a", 200, std::chrono::microseconds(900)));
    count_request(values, answered("/a", 200, std::chrono::milliseconds(3)));
    count_request(values, answered("/a", 404, std::chrono::microseconds(1)));
    values.set(metric::open_connections, 3);
    BOOST_TEST(says(values, R"(byot_requests_total{route="/a",method="GET",code="200",reason=""} 2)"));
    BOOST_TEST(says(values, R"(byot_requests_total{route="/a",method="GET",code="404",reason=""} 1)"));
    BOOST_TEST(says(values, R"(byot_request_duration_seconds_bucket{route="/a",le="0.001"} 2)"));
    BOOST_TEST(says(values, R"(byot_request_duration_seconds_bucket{route="/a",le="0.005"} 3)"));
    BOOST_TEST(says(values, R"(byot_request_duration_seconds_count{route="/a"} 3)"));
    BOOST_TEST(says(values, "byot_open_connections 3"));
}

BOOST_AUTO_TEST_CASE(two_reactors_add_up) {
    metric_values one;
    count_request(one, answered("/a", 200, std::chrono::seconds(200)));
    metric_values other;
    count_request(other, answered("/a", 200, std::chrono::seconds(1)));
    one.set(metric::signatures_verified, 3);
    other.set(metric::signatures_verified, 4);
    one.add(other);
    BOOST_TEST(says(one, "byot_signatures_verified_total 7"));
    BOOST_TEST(says(one, R"(byot_requests_total{route="/a",method="GET",code="200",reason=""} 2)"));
    BOOST_TEST(says(one, R"(byot_request_duration_seconds_bucket{route="/a",le="120"} 1)"));
    BOOST_TEST(says(one, R"(byot_request_duration_seconds_bucket{route="/a",le="+Inf"} 2)"));
}

BOOST_AUTO_TEST_CASE(requests_whose_client_was_not_named_by_cause) {
    auto record = answered("/a", 200, std::chrono::microseconds(1));
    metric_values one;
    count_request(one, record);
    record.forwarding_fault = "no_address";
    count_request(one, record);
    metric_values other;
    count_request(other, record);
    one.add(other);
    BOOST_TEST(says(one, R"(byot_forwarding_faults_total{fault="no_address"} 2)"));
}

BOOST_AUTO_TEST_CASE(nobody_is_named) {
    metric_values values;
    count_request(values, answered("/a", 200, std::chrono::microseconds(1)));
    BOOST_TEST(values.as_text().find("somebody") == std::string::npos);
    BOOST_TEST(values.as_text().find("secret-flow") == std::string::npos);
}

// A dashboard must tell a service without such events from one that does not count them.
BOOST_AUTO_TEST_CASE(zero_from_the_start_where_there_are_no_labels) {
    const metric_values none;
    BOOST_TEST(says(none, "byot_signatures_verified_total 0"));
    BOOST_TEST(says(none, "byot_open_connections 0"));
    BOOST_TEST(says(none, "byot_upstream_first_byte_seconds_count 0"));
    BOOST_TEST(none.as_text().find("byot_requests_total{") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_readme_lists) {
    const auto table = "<!-- metrics -->\n\n" + metrics_reference() + "\n<!-- end of metrics -->\n";
    BOOST_TEST(readme().find(table) != std::string::npos, "README.md must have this:\n" << table);
}

BOOST_AUTO_TEST_SUITE_END()
