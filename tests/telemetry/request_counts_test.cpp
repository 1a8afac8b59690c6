#include "telemetry/request_counts.hpp"

#include <boost/test/unit_test.hpp>

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

bool says(const request_counts& counts, std::string_view line) {
    return ("\n" + counts.as_text(3)).find("\n" + std::string(line) + "\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_counts_tell)

BOOST_AUTO_TEST_CASE(requests_by_route_method_code_and_reason) {
    request_counts counts;
    counts.count(answered("/a", 200, std::chrono::microseconds(900)));
    counts.count(answered("/a", 200, std::chrono::milliseconds(3)));
    counts.count(answered("/a", 404, std::chrono::microseconds(1)));
    BOOST_TEST(says(counts, R"(byot_requests_total{route="/a",method="GET",code="200",reason=""} 2)"));
    BOOST_TEST(says(counts, R"(byot_requests_total{route="/a",method="GET",code="404",reason=""} 1)"));
    BOOST_TEST(says(counts, R"(byot_request_duration_seconds_bucket{route="/a",le="0.001"} 2)"));
    BOOST_TEST(says(counts, R"(byot_request_duration_seconds_bucket{route="/a",le="0.005"} 3)"));
    BOOST_TEST(says(counts, R"(byot_request_duration_seconds_count{route="/a"} 3)"));
    BOOST_TEST(says(counts, "byot_open_connections 3"));
}

BOOST_AUTO_TEST_CASE(two_reactors_add_up) {
    request_counts one;
    one.count(answered("/a", 200, std::chrono::seconds(200)));
    request_counts other;
    other.count(answered("/a", 200, std::chrono::seconds(1)));
    one.note_signatures(3);
    other.note_signatures(4);
    one.add(other);
    BOOST_TEST(says(one, "byot_signatures_verified_total 7"));
    BOOST_TEST(says(one, R"(byot_requests_total{route="/a",method="GET",code="200",reason=""} 2)"));
    BOOST_TEST(says(one, R"(byot_request_duration_seconds_bucket{route="/a",le="120"} 1)"));
    BOOST_TEST(says(one, R"(byot_request_duration_seconds_bucket{route="/a",le="+Inf"} 2)"));
}

BOOST_AUTO_TEST_CASE(requests_whose_client_was_not_named_by_cause) {
    auto record = answered("/a", 200, std::chrono::microseconds(1));
    request_counts one;
    one.count(record);
    record.forwarding_fault = "no_address";
    one.count(record);
    request_counts other;
    other.count(record);
    one.add(other);
    BOOST_TEST(says(one, R"(byot_forwarding_faults_total{fault="no_address"} 2)"));
}

BOOST_AUTO_TEST_CASE(nobody_is_named) {
    request_counts counts;
    counts.count(answered("/a", 200, std::chrono::microseconds(1)));
    BOOST_TEST(counts.as_text(0).find("somebody") == std::string::npos);
    BOOST_TEST(counts.as_text(0).find("secret-flow") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
