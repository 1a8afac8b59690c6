#include "telemetry/metrics.hpp"

#include "telemetry/access_record.hpp"
#include "telemetry/prometheus_text.hpp"
#include "test_data.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace {

using namespace byot::telemetry;

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
    return ("\n" + prometheus_text(values)).find("\n" + std::string(line) + "\n") != std::string::npos;
}

std::string readme() {
    std::ifstream file(test_data("../README.md"));
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(metric_values_tell)

BOOST_AUTO_TEST_CASE(requests_by_route_method_code_and_reason) {
    metric_values values;
    count_request(values, answered("/a", 200, std::chrono::microseconds(900)));
    count_request(values, answered("/a", 200, std::chrono::milliseconds(3)));
    auto refused = answered("/a", 404, std::chrono::microseconds(1));
    refused.reason = "ROUTE_UNKNOWN";
    count_request(values, refused);
    const std::string good = R"({http_route="/a",http_request_method="GET",http_response_status_code="200"})";
    BOOST_TEST(says(values, "http_server_request_duration_seconds_count" + good + " 2"));
    BOOST_TEST(says(values, R"(http_server_request_duration_seconds_count{http_route="/a",)"
                            R"(http_request_method="GET",http_response_status_code="404",)"
                            R"(error_type="ROUTE_UNKNOWN"} 1)"));
    const std::string bucket =
        "http_server_request_duration_seconds_bucket" + good.substr(0, good.size() - 1);
    BOOST_TEST(says(values, bucket + R"(,le="0.001"} 1)"));
    BOOST_TEST(says(values, bucket + R"(,le="0.005"} 2)"));
}

BOOST_AUTO_TEST_CASE(two_reactors_add_up) {
    metric_values one;
    count_request(one, answered("/a", 200, std::chrono::seconds(2000)));
    metric_values other;
    count_request(other, answered("/a", 200, std::chrono::seconds(1)));
    one.count(metric::token_verifications, {"signature"}, 3);
    other.count(metric::token_verifications, {"signature"}, 4);
    one.set(metric::open_connections, 1);
    other.set(metric::open_connections, 2);
    one.add(other);
    BOOST_TEST(says(one, R"(byot_token_verifications_total{byot_result="signature"} 7)"));
    BOOST_TEST(says(one, "byot_connections_open 3"));
    const std::string bucket = R"(http_server_request_duration_seconds_bucket{http_route="/a",)"
                               R"(http_request_method="GET",http_response_status_code="200",le=)";
    BOOST_TEST(says(one, bucket + R"("900"} 1)"));
    BOOST_TEST(says(one, bucket + R"("+Inf"} 2)"));
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
    BOOST_TEST(says(one, R"(byot_forwarding_faults_total{error_type="no_address"} 2)"));
}

BOOST_AUTO_TEST_CASE(what_the_upstream_did_wrong_by_kind) {
    auto record = answered("/api/ai/{path}", 502, std::chrono::microseconds(1));
    metric_values values;
    for (const std::string_view reason : {"UPSTREAM_UNREACHABLE", "UPSTREAM_TIMEOUT", "KEY_REQUIRED", ""}) {
        record.reason = reason;
        count_request(values, record);
    }
    record.outcome = "upstream_gone";
    count_request(values, record);
    BOOST_TEST(says(values, R"(byot_upstream_errors_total{error_type="UPSTREAM_UNREACHABLE"} 1)"));
    BOOST_TEST(says(values, R"(byot_upstream_errors_total{error_type="UPSTREAM_TIMEOUT"} 1)"));
    BOOST_TEST(says(values, R"(byot_upstream_errors_total{error_type="upstream_gone"} 1)"));
    BOOST_TEST(values.numbers_of(metric::upstream_errors).size() == 3u);
}

BOOST_AUTO_TEST_CASE(the_first_byte_only_where_there_was_one) {
    metric_values values;
    auto record = answered("/api/ai/{path}", 200, std::chrono::seconds(3));
    count_request(values, record);
    BOOST_TEST(says(values, "byot_upstream_time_to_first_byte_seconds_count 0"));
    record.first_byte = std::chrono::milliseconds(40);
    count_request(values, record);
    BOOST_TEST(says(values, R"(byot_upstream_time_to_first_byte_seconds_bucket{le="0.025"} 0)"));
    BOOST_TEST(says(values, R"(byot_upstream_time_to_first_byte_seconds_bucket{le="0.05"} 1)"));
    BOOST_TEST(says(values, "byot_upstream_time_to_first_byte_seconds_sum 0.04"));
}

BOOST_AUTO_TEST_CASE(nobody_is_named) {
    metric_values values;
    count_request(values, answered("/a", 200, std::chrono::microseconds(1)));
    BOOST_TEST(prometheus_text(values).find("somebody") == std::string::npos);
    BOOST_TEST(prometheus_text(values).find("secret-flow") == std::string::npos);
}

// A dashboard must tell a service without such events from one that does not count them.
BOOST_AUTO_TEST_CASE(zero_from_the_start_where_there_are_no_labels) {
    const metric_values none;
    BOOST_TEST(says(none, "byot_log_lines_lost_total 0"));
    BOOST_TEST(says(none, "byot_connections_open 0"));
    BOOST_TEST(says(none, "byot_upstream_time_to_first_byte_seconds_count 0"));
    BOOST_TEST(prometheus_text(none).find("http_server_request_duration_seconds_count{") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_readme_lists) {
    const auto table = "<!-- metrics -->\n\n" + metrics_reference() + "\n<!-- end of metrics -->\n";
    BOOST_TEST(readme().find(table) != std::string::npos, "README.md must have this:\n" << table);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_table_of_metrics)

BOOST_AUTO_TEST_CASE(has_names_that_both_systems_take) {
    std::set<std::string> names;
    for (const auto& row : metric_table()) {
        BOOST_TEST_CONTEXT(row.name) {
            constexpr auto in_names = "abcdefghijklmnopqrstuvwxyz_.";
            BOOST_TEST(row.name.find_first_not_of(in_names) == std::string_view::npos);
            BOOST_TEST(row.help.ends_with('.'));
            BOOST_TEST(names.insert(row.prometheus_name()).second);
            for (const auto& label : row.used_labels())
                BOOST_TEST(label.find_first_not_of(in_names) == std::string_view::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(names_units_and_counters_as_prometheus_does) {
    const auto name = [](metric of) {
        return metric_table()[static_cast<std::size_t>(of)].prometheus_name();
    };
    BOOST_TEST(name(metric::request_duration) == "http_server_request_duration_seconds");
    BOOST_TEST(name(metric::process_cpu_time) == "process_cpu_time_seconds_total");
    BOOST_TEST(name(metric::process_memory) == "process_memory_usage_bytes");
    BOOST_TEST(name(metric::log_lines_lost) == "byot_log_lines_lost_total");
    BOOST_TEST(name(metric::build_info) == "byot_build_info");
}

BOOST_AUTO_TEST_SUITE_END()
