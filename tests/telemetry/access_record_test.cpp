#include "telemetry/access_record.hpp"

#include "telemetry/log_reader.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using byot::string_member;
using byot::wall_time;
using byot::telemetry::access_record;
using byot::telemetry::level;
using byot::telemetry::log_format;
using byot::testing::log_pipe;
using byot::testing::parse_line;
using std::chrono::microseconds;

namespace {

access_record streamed() {
    access_record record;
    record.method = "POST";
    record.route = "/api/ai/{path}";
    record.flow = "interview";
    record.status = 200;
    record.provider = "googleai";
    record.user = byot::user_id("alice");
    record.outcome = "complete";
    record.remote = "203.0.113.7";
    record.request_id = "req-1";
    record.trace_id = "0af7651916cd43dd8448eb211c80319c";
    record.span_id = "b7ad6b7169203331";
    record.is_sampled = true;
    record.bytes_in = 230;
    record.bytes_out = 4096;
    record.duration = microseconds(1'012'345);
    record.first_byte = microseconds(12'000);
    return record;
}

std::string written(const access_record& record, log_format format, std::string_view project,
                    level least = level::debug) {
    log_pipe pipe;
    {
        byot::telemetry::log out(format, least, pipe.writing());
        write_access(out, record, project, wall_time(std::chrono::milliseconds(1767323045678)));
    }
    return pipe.read_all();
}

std::string severity_of(unsigned status) {
    access_record record = streamed();
    record.status = status;
    const auto line = parse_line(written(record, log_format::json, "demo"));
    return std::string(string_member(line, "severity").value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(access_records)

BOOST_AUTO_TEST_CASE(a_record_in_json_is_what_cloud_logging_takes) {
    const auto line = parse_line(written(streamed(), log_format::json, "demo"));
    BOOST_TEST((string_member(line, "time") == std::string_view("2026-01-02T03:04:05.678Z")));
    BOOST_TEST((string_member(line, "message") == std::string_view("POST /api/ai/{path} 200")));
    BOOST_TEST(boost::json::serialize(line.at("httpRequest")) ==
               R"({"requestMethod":"POST","requestUrl":"/api/ai/{path}","status":200,"requestSize":"230",)"
               R"("responseSize":"4096","latency":"1.012345s","remoteIp":"203.0.113.7"})");
    BOOST_TEST((string_member(line, "logging.googleapis.com/trace") ==
                std::string_view("projects/demo/traces/0af7651916cd43dd8448eb211c80319c")));
    BOOST_TEST(
        (string_member(line, "logging.googleapis.com/spanId") == std::string_view("b7ad6b7169203331")));
    BOOST_TEST(line.at("logging.googleapis.com/trace_sampled").as_bool());
    BOOST_TEST((string_member(line, "requestId") == std::string_view("req-1")));
    BOOST_TEST((string_member(line, "uid") == std::string_view("alice")));
    BOOST_TEST((string_member(line, "provider") == std::string_view("googleai")));
    BOOST_TEST((string_member(line, "flow") == std::string_view("interview")));
    BOOST_TEST((string_member(line, "outcome") == std::string_view("complete")));
    BOOST_TEST((string_member(line, "firstByte") == std::string_view("0.012000s")));
    BOOST_TEST(!line.contains("reason"));
}

BOOST_AUTO_TEST_CASE(a_record_for_people_is_one_readable_line) {
    BOOST_TEST(written(streamed(), log_format::text, "demo") ==
               "2026-01-02T03:04:05.678Z INFO    POST /api/ai/{path} 200 took=1012.3ms in=230 out=4096 "
               "from=203.0.113.7 requestId=req-1 uid=alice provider=googleai flow=interview outcome=complete "
               "firstByte=0.012000s\n");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_left_out) {
    access_record record;
    record.method = "GET";
    record.route = "/health/live";
    record.outcome = "client_gone";
    const auto line = parse_line(written(record, log_format::json, "demo"));
    BOOST_TEST((string_member(line, "message") == std::string_view("GET /health/live -")));
    BOOST_TEST(boost::json::serialize(line.at("httpRequest")) ==
               R"({"requestMethod":"GET","requestUrl":"/health/live","requestSize":"0","responseSize":"0",)"
               R"("latency":"0.000000s"})");
    BOOST_TEST(line.size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_trace_without_a_project_keeps_its_id) {
    const auto line = parse_line(written(streamed(), log_format::json, ""));
    BOOST_TEST(!line.contains("logging.googleapis.com/trace"));
    BOOST_TEST((string_member(line, "traceId") == std::string_view("0af7651916cd43dd8448eb211c80319c")));
}

BOOST_AUTO_TEST_CASE(only_5xx_are_errors_and_only_4xx_from_429_on_warnings) {
    for (const unsigned status : {0u, 200u, 204u, 400u, 401u, 404u, 413u, 428u})
        BOOST_TEST(severity_of(status) == "INFO");
    for (const unsigned status : {429u, 431u, 499u}) BOOST_TEST(severity_of(status) == "WARNING");
    for (const unsigned status : {500u, 502u, 503u, 504u}) BOOST_TEST(severity_of(status) == "ERROR");
}

BOOST_AUTO_TEST_CASE(a_record_below_the_least_level_is_not_written) {
    BOOST_TEST(written(streamed(), log_format::json, "demo", level::warning).empty());
}

BOOST_AUTO_TEST_CASE(hostile_values_stay_inside_their_quotes) {
    auto record = streamed();
    record.user = byot::user_id("\"},\"severity\":\"ERROR\n\xFF");
    record.flow = "a\x1B[2Jb";
    record.request_id = "x y=z";
    const auto json = written(record, log_format::json, "demo");
    const auto line = parse_line(json);
    BOOST_TEST((string_member(line, "severity") == std::string_view("INFO")));
    BOOST_TEST((string_member(line, "uid") == std::string_view("\"},\"severity\":\"ERROR\n\xEF\xBF\xBD")));
    BOOST_TEST(json.find('\n') == json.size() - 1);
    const auto text = written(record, log_format::text, "demo");
    BOOST_TEST(text.find('\n') == text.size() - 1);
    BOOST_TEST(text.find('\x1B') == std::string::npos);
    BOOST_TEST(text.find(" requestId=\"x y=z\" ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
