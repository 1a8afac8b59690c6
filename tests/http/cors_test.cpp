#include "http/cors.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace byot;
using namespace byot::http;

namespace {

const cors_policy& policy() {
    static const cors_policy made({"https://app.example.com", "http://localhost:3000"});
    return made;
}

request_head head_of(std::string_view bytes) {
    const auto scanned = scan_request_head(bytes);
    BOOST_REQUIRE(scanned.has_value() && scanned->has_value());
    return **scanned;
}

constexpr std::string_view preflight_text = "OPTIONS /api/key HTTP/1.1\r\nHost: a\r\n"
                                            "Origin: https://app.example.com\r\n"
                                            "Access-Control-Request-Method: POST\r\n\r\n";

constexpr std::string_view always_allowed =
    "authorization, content-type, accept, accept-language, x-byot-provider, x-genkit-stream-id, "
    "x-firebase-appcheck, traceparent, tracestate, baggage";

/// "{}" in `lines` stands for Access-Control-Request-Headers.
std::string preflight_of(std::string_view origin, std::string_view lines) {
    std::string asked(lines);
    for (auto at = asked.find("{}"); at != std::string::npos; at = asked.find("{}"))
        asked.replace(at, 2, "Access-Control-Request-Headers");
    return "OPTIONS /api/key HTTP/1.1\r\nHost: a\r\nOrigin: " + std::string(origin) +
           "\r\nAccess-Control-Request-Method: POST\r\n" + asked + "\r\n";
}

std::string allowed_headers(std::string_view lines) {
    const auto bytes = preflight_of("https://app.example.com", lines);
    const auto answer = policy().preflight(head_of(bytes), "POST, OPTIONS");
    BOOST_REQUIRE(answer.has_value());
    for (const auto& [name, value] : answer->fields) {
        if (name == "Access-Control-Allow-Headers") return value;
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(cors)

BOOST_AUTO_TEST_CASE(an_allowed_origin_gets_itself_and_the_exposed_fields) {
    BOOST_TEST(policy().fields_for("http://localhost:3000") ==
               "Vary: Origin\r\n"
               "Access-Control-Allow-Origin: http://localhost:3000\r\n"
               "Access-Control-Expose-Headers: x-genkit-stream-id, x-genkit-trace-id, x-genkit-span-id, "
               "x-byot-credential, x-byot-key-check, x-request-id, retry-after, ratelimit, "
               "ratelimit-policy, retry-after-ms, x-should-retry, content-disposition, content-range, etag, "
               "location, "
               "link, allow, deprecation, sunset\r\n");
    BOOST_TEST(policy().fields_for("https://app.example.com").find("Origin: https://app.example.com\r\n") !=
               std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(any_other_origin_gets_nothing_but_vary) {
    for (const auto* other :
         {"", "null", "*", "https://app.example.com/", "https://app.example.com:443",
          "https://App.example.com", "http://app.example.com", "https://app.example.com.evil.example",
          "https://evil-app.example.com", "https://app.example.co", "https://sub.app.example.com"}) {
        BOOST_TEST_CONTEXT(other) {
            BOOST_TEST(!policy().allows(other));
            BOOST_TEST(policy().fields_for(other) == "Vary: Origin\r\n");
            BOOST_TEST(policy().preflight_fields_for(other) ==
                       "Vary: Origin, Access-Control-Request-Headers\r\n");
            const auto bytes = preflight_of(other, "");
            const auto answer = policy().preflight(head_of(bytes), "POST, OPTIONS");
            BOOST_REQUIRE(answer.has_error());
            BOOST_TEST((answer.error().why() == reason::origin_forbidden));
        }
    }
}

BOOST_AUTO_TEST_CASE(without_allowed_origins_nobody_is_allowed) {
    const cors_policy none;
    BOOST_TEST(!none.allows(""));
    BOOST_TEST(none.fields_for("https://app.example.com") == "Vary: Origin\r\n");
}

BOOST_AUTO_TEST_CASE(a_preflight_is_answered_with_methods_headers_and_an_age) {
    const auto answer = policy().preflight(head_of(preflight_text), "POST, DELETE, OPTIONS");
    BOOST_REQUIRE(answer.has_value());
    const std::map<std::string, std::string> fields(answer->fields.begin(), answer->fields.end());
    BOOST_TEST(answer->status == 204u);
    BOOST_TEST(answer->body == "");
    BOOST_TEST(fields.size() == 3u); // Allow-Origin comes with `fields_for`, once
    BOOST_TEST(fields.at("Access-Control-Allow-Methods") == "POST, DELETE, OPTIONS");
    BOOST_TEST(fields.at("Access-Control-Allow-Headers") == always_allowed);
    BOOST_TEST(fields.at("Access-Control-Max-Age") == "7200");
}

BOOST_AUTO_TEST_CASE(every_field_name_that_a_page_asks_for_is_allowed) {
    const struct {
        std::string_view lines;
        std::string_view echoed;
    } rows[] = {
        {"", ""},
        {"{}:\r\n", ""},
        {"{}: authorization,content-type\r\n", ""}, // listed already
        {"{}: AUTHORIZATION\r\n", ""},
        // Sentry, Datadog, New Relic, Zipkin, Elastic, Application Insights, Apollo, AWS, Google
        {"{}: baggage, sentry-trace\r\n", ", sentry-trace"},
        {"{}: x-datadog-trace-id,x-datadog-parent-id,x-datadog-origin,x-datadog-sampling-priority\r\n",
         ", x-datadog-trace-id, x-datadog-parent-id, x-datadog-origin, x-datadog-sampling-priority"},
        {"{}: newrelic,b3,x-b3-traceid,x-b3-spanid\r\n", ", newrelic, b3, x-b3-traceid, x-b3-spanid"},
        {"{}: elastic-apm-traceparent\r\n", ", elastic-apm-traceparent"},
        {"{}: request-id,request-context\r\n", ", request-id, request-context"},
        {"{}: apollographql-client-name,x-amzn-trace-id\r\n", ", apollographql-client-name, x-amzn-trace-id"},
        {"{}: x-goog-api-client,x-client-data,x-requested-with,cache-control,pragma\r\n",
         ", x-goog-api-client, x-client-data, x-requested-with, cache-control, pragma"},
        // spellings
        {"{}: X-Upper-CASE\r\n", ", x-upper-case"},
        {"{}:  ,,a ,\tb,, \r\n", ", a, b"},
        {"{}: a\r\n{}: b\r\n", ", a, b"},
        {"{}: !#$%&'*+-.^_`|~09az\r\n", ", !#$%&'*+-.^_`|~09az"},
        // what is no name is left out, and costs the others nothing
        {"{}: a b, c, d:e, \"f\", g(h), caf\xc3\xa9, i\r\n", ", c, i"},
        {"{}: *\r\n", ", *"},
    };
    for (const auto& [lines, echoed] : rows) {
        BOOST_TEST_CONTEXT(lines) {
            BOOST_TEST(allowed_headers(lines) == std::string(always_allowed) + std::string(echoed));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_echoed_to_a_preflight_is_bounded) {
    std::string names;
    for (int i = 0; i < 1000; ++i) names += ",x-a-rather-long-field-" + std::to_string(i);
    const auto allowed = allowed_headers("{}: " + names + "\r\n");
    BOOST_TEST(allowed.size() < always_allowed.size() + 8 * 1024 + 4096);
    BOOST_TEST(allowed.find("x-a-rather-long-field-100,") != std::string::npos);
    const auto long_name = std::string(4000, 'n');
    BOOST_TEST(allowed_headers("{}: " + long_name + "\r\n").ends_with(", " + long_name));
}

BOOST_AUTO_TEST_CASE(a_preflights_answer_varies_by_what_was_asked_for) {
    BOOST_TEST(policy().preflight_fields_for("https://app.example.com") ==
               "Vary: Origin, Access-Control-Request-Headers\r\n"
               "Access-Control-Allow-Origin: https://app.example.com\r\n"
               "Access-Control-Expose-Headers: x-genkit-stream-id, x-genkit-trace-id, x-genkit-span-id, "
               "x-byot-credential, x-byot-key-check, x-request-id, retry-after, ratelimit, "
               "ratelimit-policy, retry-after-ms, x-should-retry, content-disposition, content-range, etag, "
               "location, "
               "link, allow, deprecation, sunset\r\n");
}

BOOST_AUTO_TEST_CASE(the_fields_fit_into_an_answer) {
    const auto answer = policy().preflight(head_of(preflight_text), "POST, OPTIONS");
    response_frame frame;
    frame.request_id = "r";
    frame.extra = policy().fields_for("https://app.example.com");
    const auto text = serialize(*answer, frame);
    const auto first = text.find("Access-Control-Allow-Origin");
    BOOST_TEST(first != std::string::npos);
    BOOST_TEST(text.find("Access-Control-Allow-Origin", first + 1) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_preflight_is_options_with_origin_and_the_wanted_method) {
    BOOST_TEST(cors_policy::is_preflight(head_of(preflight_text)));
    BOOST_TEST(!cors_policy::is_preflight(head_of("OPTIONS /api/key HTTP/1.1\r\nHost: a\r\n"
                                                  "Origin: https://app.example.com\r\n\r\n")));
    BOOST_TEST(!cors_policy::is_preflight(head_of("OPTIONS /api/key HTTP/1.1\r\nHost: a\r\n"
                                                  "Access-Control-Request-Method: POST\r\n\r\n")));
    std::string post(preflight_text);
    post.replace(0, 7, "POST");
    BOOST_TEST(!cors_policy::is_preflight(head_of(post)));
}

BOOST_AUTO_TEST_SUITE_END()
