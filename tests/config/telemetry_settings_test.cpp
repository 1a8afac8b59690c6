#include "environments.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot::config;
using namespace byot::config::test;

namespace {

constexpr auto collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
constexpr auto headers = "OTEL_EXPORTER_OTLP_HEADERS";

struct refused_value {
    const char* name;
    const char* value;
    const char* part_of_problem;
};

const refused_value refused[] = {
    {collector, "collector:4317", "absolute http or https"},
    {collector, "grpc://collector:4317", "absolute http or https"},
    {collector, "https://user:word@collector", "user information"},
    {collector, "https://collector/?a=b", "query"},
    {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces", "absolute http or https"},
    {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf"},
    {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "http/protobuf"},
    {"OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "milliseconds"},
    {"OTEL_METRIC_EXPORT_INTERVAL", "0", "from 100"},
    {"OTEL_BSP_SCHEDULE_DELAY", "-5", "milliseconds"},
    {"OTEL_METRICS_EXPORTER", "prometheus", "otlp, none"},
    {"OTEL_TRACES_EXPORTER", "console", "otlp, none"},
    {"OTEL_SDK_DISABLED", "1", "false, true"},
    {"OTEL_TRACES_SAMPLER", "jaeger_remote", "parentbased_traceidratio"},
    {"OTEL_TRACES_SAMPLER_ARG", "1.5", "0 to 1"},
    {"OTEL_TRACES_SAMPLER_ARG", "nan", "0 to 1"},
    {"OTEL_TRACES_SAMPLER_ARG", "0.5x", "0 to 1"},
    {headers, "authorization", "name=value"},
    {headers, "=value", "name=value"},
    {headers, "a b=c", "name=value"},
    {headers, "x=%4", "percent-encoded"},
    {headers, "x=%0d%0aHost: other", "percent-encoded"},
    {headers, "Content-Type=text/plain", "sets itself"},
    {"OTEL_RESOURCE_ATTRIBUTES", "service.name", "name=value"},
    {"OTEL_RESOURCE_ATTRIBUTES", "a=b,,c=d", "name=value"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(opentelemetry_variables)

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_with_a_sentence) {
    for (const auto& [name, value, part] : refused) {
        BOOST_TEST_CONTEXT(name << "=" << value) {
            const auto problem = problem_with(name, value);
            BOOST_TEST(problem.starts_with(std::string(name) + ": "));
            BOOST_TEST(problem.find(part) != std::string::npos, problem);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_them_nothing_is_pushed_and_the_defaults_are_the_specification_s) {
    const auto values = values_of({});
    BOOST_TEST(!values.otlp_endpoint.has_value());
    BOOST_TEST(values.otlp_timeout.count() == 10'000);
    BOOST_TEST(values.metric_export_interval.count() == 60'000);
    BOOST_TEST(values.span_export_delay.count() == 5'000);
    BOOST_TEST(values.traces_sampler == "parentbased_always_on");
    BOOST_TEST(values.telemetry_service == "byot");
}

BOOST_AUTO_TEST_CASE(the_service_is_called_as_the_platform_calls_it_unless_told) {
    BOOST_TEST(values_of({{"K_SERVICE", "keys"}}).telemetry_service == "keys");
    BOOST_TEST(values_of({{"K_SERVICE", "keys"}, {"OTEL_SERVICE_NAME", "mine"}}).telemetry_service == "mine");
}

BOOST_AUTO_TEST_CASE(headers_are_read_decoded_and_printed_without_their_values) {
    const auto values = values_of({{headers, "authorization=Bearer%20abc, x-scope=a%2Cb"}});
    BOOST_TEST_REQUIRE(values.otlp_headers.size() == 2u);
    BOOST_TEST(values.otlp_headers[0].second->expose() == "Bearer abc");
    BOOST_TEST(values.otlp_headers[1].second->expose() == "a,b");
    const auto text = describe(values);
    BOOST_TEST(has_line(text, "OTEL_EXPORTER_OTLP_HEADERS=authorization=***,x-scope=***"));
    BOOST_TEST(text.find("abc") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(headers_go_over_no_open_network) {
    const auto given = [](const char* address) {
        return problems_of(with({{collector, address}, {headers, "authorization=secret-word"}}));
    };
    BOOST_TEST(given("https://collector.example") == "");
    BOOST_TEST(given("http://127.0.0.1:4318") == "");
    BOOST_TEST(given("http://collector:4318").find("must be https") != std::string::npos);
    BOOST_TEST(given("http://collector:4318").find("secret-word") == std::string::npos);
    BOOST_TEST(problem_with(collector, "http://collector:4318") == "");
}

BOOST_AUTO_TEST_CASE(on_cloud_run_plain_http_is_for_a_sidecar_alone) {
    const auto given = [](const char* address) {
        return problems_of(with({{"K_SERVICE", "keys"}, {collector, address}}));
    };
    BOOST_TEST(given("http://localhost:4318") == "");
    BOOST_TEST(given("http://collector:4318").find("K_SERVICE") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(attributes_are_read_as_they_are_printed) {
    const auto values = values_of({{"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=a%20b%25,x=%C3%A4"}});
    BOOST_TEST(values.resource_attributes[0].second == "a b%");
    BOOST_TEST(values.resource_attributes[1].second == "\xC3\xA4");
    BOOST_TEST(
        has_line(describe(values), "OTEL_RESOURCE_ATTRIBUTES=deployment.environment=a%20b%25,x=%C3%A4"));
}

BOOST_AUTO_TEST_CASE(the_switch_is_read_in_any_case_as_the_specification_has_it) {
    BOOST_TEST((values_of({{"OTEL_SDK_DISABLED", "True"}}).telemetry_is_off == sdk_switch::yes));
    BOOST_TEST((values_of({{"OTEL_SDK_DISABLED", "FALSE"}}).telemetry_is_off == sdk_switch::no));
}

BOOST_AUTO_TEST_CASE(samplers_are_the_specification_s) {
    const auto of = [](const char* name) {
        return values_of({{"OTEL_TRACES_SAMPLER", name}, {"OTEL_TRACES_SAMPLER_ARG", "0.25"}});
    };
    BOOST_TEST(of("always_on").traces_fixed_ratio.value() == 1.0);
    BOOST_TEST(!of("always_on").traces_sampled_by_parent);
    BOOST_TEST(of("always_off").traces_fixed_ratio.value() == 0.0);
    BOOST_TEST(!of("traceidratio").traces_fixed_ratio.has_value());
    BOOST_TEST(of("traceidratio").traces_ratio == 0.25);
    BOOST_TEST(of("parentbased_always_off").traces_sampled_by_parent);
    BOOST_TEST(of("parentbased_traceidratio").traces_sampled_by_parent);
}

BOOST_AUTO_TEST_SUITE_END()
