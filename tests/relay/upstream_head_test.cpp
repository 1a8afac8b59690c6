#include "relay/upstream_head.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

namespace {

const byot::user_id ann("ann");

using namespace byot;
using namespace byot::relay;

constexpr std::string_view request =
    "POST /api/ai/flow/a?x=1 HTTP/1.1\r\n"
    "Host: byot.example\r\n"
    "accept:  text/event-stream ,*/*\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 012\r\n"
    "Authorization: Bearer gateways-own\r\n"
    "X-Forwarded-Authorization: Bearer forwarded\r\n"
    "Cookie: session=1\r\n"
    "Connection: keep-alive, x-byot-uid\r\n"
    "X-Byot-Api-Key: stolen\r\n"
    "x-byot-uid: root\r\n"
    "X-Serverless-Authorization: Bearer evil\r\n"
    "x-goog-authenticated-user-id: evil\r\n"
    "X-Forwarded-For: 1.2.3.4\r\n"
    "Accept-Language: de\r\n"
    "Accept-Encoding: gzip, br\r\n"
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
    "tracestate: a=1\r\n"
    "TraceState: b=2 , c=3\r\n"
    "Baggage: sentry-environment=production\r\n"
    "sentry-trace: 1\r\n"
    "Content-Encoding: identity\r\n"
    "x-firebase-appcheck: app\r\n"
    "x-genkit-stream-id: signed-by-us\r\n"
    "x-request-id: theirs\r\n"
    "\r\n";

http::request_head scanned(std::string_view text) {
    const auto head = http::scan_request_head(text);
    BOOST_REQUIRE(head.has_value());
    BOOST_REQUIRE(head.value().has_value());
    return *head.value();
}

upstream_additions additions() {
    upstream_additions added;
    added.api_key = "sk-1";
    added.provider = "openai";
    added.who = &ann;
    added.request_id = "r-1";
    added.authorization = "Bearer abc";
    return added;
}

std::string written_of(std::string_view text, std::string_view path = "flow") {
    std::array<char, 16 * 1024> memory;
    http::flat_buffer out(memory);
    BOOST_REQUIRE(write_upstream_head(out, {"genkit:3400", ""}, path, "", scanned(text),
                                      http::body_framing::none(), additions()));
    return std::string(out.view());
}

std::string written(const upstream_additions& added,
                    const http::body_framing& body = http::body_framing::of_length(12)) {
    std::array<char, 4096> memory;
    http::flat_buffer out(memory);
    const upstream_address to{"genkit:3400", "/base"};
    BOOST_REQUIRE(write_upstream_head(out, to, "flow/a", "x=1", scanned(request), body, added));
    return std::string(out.view());
}

} // namespace

BOOST_AUTO_TEST_SUITE(upstream_head)

BOOST_AUTO_TEST_CASE(exactly_the_allowed_fields_and_the_additions_go) {
    BOOST_TEST(written(additions()) ==
               "POST /base/flow/a?x=1 HTTP/1.1\r\n"
               "Host: genkit:3400\r\n"
               "Accept: text/event-stream ,*/*\r\n"
               "Content-Type: application/json\r\n"
               "x-firebase-appcheck: app\r\n"
               "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
               "tracestate: a=1, b=2 , c=3\r\n"
               "baggage: sentry-environment=production\r\n"
               "accept-language: de\r\n"
               "Authorization: Bearer abc\r\n"
               "Accept-Encoding: identity\r\n"
               "Content-Length: 12\r\n"
               "x-byot-api-key: sk-1\r\n"
               "x-byot-provider: openai\r\n"
               "x-byot-uid: ann\r\n"
               "x-request-id: r-1\r\n"
               "\r\n");
}

BOOST_AUTO_TEST_CASE(lines_of_a_list_go_as_one_in_their_order) {
    const struct {
        std::string_view lines;
        std::string_view sent;
    } rows[] = {
        {"Accept: application/json\r\nAccept: text/event-stream\r\n",
         "\r\nAccept: application/json, text/event-stream\r\n"},
        {"Accept: a;q=0.1 ,b\r\nX: y\r\nACCEPT:\tc\r\naccept: d \r\n", "\r\nAccept: a;q=0.1 ,b, c, d\r\n"},
        {"Accept:\r\nAccept: a\r\n", "\r\nAccept: , a\r\n"},
        {"Accept:\r\n", "\r\nAccept: \r\n"},
        {"Accept-Language: de\r\nAccept-Language: en;q=0.5\r\n", "\r\naccept-language: de, en;q=0.5\r\n"},
        {"Baggage: a=1;p\r\nbaggage: b=2\r\n", "\r\nbaggage: a=1;p, b=2\r\n"},
        {"tracestate: a=1\r\ntracestate: b=2\r\n", "\r\ntracestate: a=1, b=2\r\n"},
    };
    for (const auto& [lines, sent] : rows) {
        BOOST_TEST_CONTEXT(lines) {
            const auto head = written_of("POST / HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n");
            BOOST_TEST(head.find(sent) != std::string::npos, head);
        }
    }
    std::string hundred = "POST / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 100; ++i) hundred += "Accept: a/" + std::to_string(i) + "\r\n";
    BOOST_TEST(written_of(hundred + "\r\n").find("a/9, a/10") != std::string::npos);
    BOOST_TEST(written_of(hundred + "\r\n").find("a/98, a/99\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_traces_are_none) {
    const auto head = written_of("POST / HTTP/1.1\r\nHost: a\r\ntraceparent: a\r\ntraceparent: b\r\n\r\n");
    BOOST_TEST(head.find("traceparent") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_path_goes_on_with_percent_encodings_for_what_was_left_raw) {
    const struct {
        std::string_view path;
        std::string_view sent;
    } rows[] = {
        {"flow", "/flow"},
        {"flow^x", "/flow%5Ex"},
        {"a|b", "/a%7Cb"},
        {"[a]", "/%5Ba%5D"},
        {"{id}/`", "/%7Bid%7D/%60"},
        {"\"<>\"", "/%22%3C%3E%22"},
        {"^", "/%5E"},
        {"^^", "/%5E%5E"},
        {"a%5e^%7c|", "/a%5e%5E%7c%7C"}, // what is encoded stays as it was spelled
        {"a;b=c@d:e!$&'()*+,~-._", "/a;b=c@d:e!$&'()*+,~-._"},
    };
    constexpr std::string_view request_head = "POST / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (const auto& [path, sent] : rows) {
        BOOST_TEST(written_of(request_head, path).starts_with("POST " + std::string(sent) + " HTTP/1.1\r\n"),
                   path);
    }
    BOOST_TEST(written_of(request_head, std::string(4000, '^')).size() > 12'000u);
    std::array<char, 4096> memory;
    http::flat_buffer out(memory);
    BOOST_TEST(!write_upstream_head(out, {"h", ""}, std::string(1300, '^'), "", scanned(request),
                                    http::body_framing::none(), additions()));
}

BOOST_AUTO_TEST_CASE(a_checked_stream_id_goes_without_its_signature) {
    auto added = additions();
    added.stream_id = "s-1";
    BOOST_TEST(written(added).find("\r\nx-genkit-stream-id: s-1\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(our_identity_goes_in_place_of_what_the_client_claims_to_have) {
    auto added = additions();
    added.serverless_token = "head.claims.signature";
    const auto head = written(added);
    BOOST_TEST(head.find("\r\nX-Serverless-Authorization: Bearer head.claims.signature\r\n") !=
               std::string::npos);
    BOOST_TEST(head.find("\r\nAuthorization: Bearer abc\r\n") != std::string::npos);
    BOOST_TEST(head.find("evil") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_identity_that_does_not_fit_is_refused) {
    const std::string large(4096, 'a');
    auto added = additions();
    added.serverless_token = large;
    std::array<char, 4096> memory;
    http::flat_buffer out(memory);
    BOOST_TEST(
        !write_upstream_head(out, {"h", ""}, "p", "", scanned(request), http::body_framing::none(), added));
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_announced) {
    BOOST_TEST(
        written(additions(), http::body_framing::chunked()).find("\r\nTransfer-Encoding: chunked\r\n") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_that_is_whole_is_announced_by_its_length) {
    for (const std::uint64_t length : {0, 1, 16384}) {
        auto added = additions();
        added.whole_length = length;
        const auto head = written(added, http::body_framing::chunked());
        BOOST_TEST(head.find("\r\nContent-Length: " + std::to_string(length) + "\r\n") != std::string::npos);
        BOOST_TEST(head.find("Transfer-Encoding") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_head_that_does_not_fit_is_refused) {
    std::array<char, 300> memory;
    http::flat_buffer out(memory);
    BOOST_TEST(!write_upstream_head(out, {"h", ""}, "p", "", scanned(request), http::body_framing::none(),
                                    additions()));
}

BOOST_AUTO_TEST_CASE(a_users_ids_are_read_back_exactly_by_decoding_percent_once) {
    const struct {
        std::string_view id;
        std::string_view value;
    } rows[] = {
        {"ann", "ann"},
        {"kRw1cXJ0bGVzQW5kRmlzaDEy", "kRw1cXJ0bGVzQW5kRmlzaDEy"},
        {"ann ", "ann%20"},
        {" ann", "%20ann"},
        {" ", "%20"},
        {"a b", "a%20b"},
        {"Zo\u00eb", "Zo%C3%AB"},
        {"\u00a0", "%C2%A0"},
        {"\u7528\u6237", "%E7%94%A8%E6%88%B7"},
        {"\U0001f600", "%F0%9F%98%80"},
        {"e\u0301", "e%CC%81"}, // not the same user as U+00E9
        {"\u00e9", "%C3%A9"},
        {"\u200b", "%E2%80%8B"},
        {"\u2028", "%E2%80%A8"},
        {"100%", "100%25"},
        {"%", "%25"},
        {"a%41", "a%2541"},
        {"a+b", "a+b"},
        {"a,b;c=\"d\"", "a,b;c=\"d\""},
        {"ann@example.com", "ann@example.com"},
        {"!#$&'()*:<>?[]^_`{|}~", "!#$&'()*:<>?[]^_`{|}~"},
        {"\t\r\n\x7f", "%09%0D%0A%7F"}, // which no token may hold
    };
    for (const auto& row : rows) {
        const user_id plain(row.id);
        auto added = additions();
        added.who = &plain;
        const auto of_nobodys_tenant = written(added);
        BOOST_TEST(of_nobodys_tenant.find("\r\nx-byot-uid: " + std::string(row.value) + "\r\n") !=
                       std::string::npos,
                   row.id);
        BOOST_TEST(of_nobodys_tenant.find("x-byot-tenant") == std::string::npos);
        const auto of_tenant = user_id::in_tenant(row.id, "ann");
        added.who = &of_tenant;
        const auto expected = "\r\nx-byot-uid: ann\r\nx-byot-tenant: " + std::string(row.value) + "\r\n";
        BOOST_TEST(written(added).find(expected) != std::string::npos, row.id);
    }
}

BOOST_AUTO_TEST_CASE(a_head_whose_ids_would_not_fit_in_the_longest_form_is_not_begun) {
    const auto who = user_id::in_tenant(std::string(64, 't'), std::string(512, '\xff'));
    auto added = additions();
    added.who = &who;
    const upstream_address to{"genkit:3400", "/base"};
    const auto fits = [&](std::size_t size) {
        std::vector<char> memory(size);
        http::flat_buffer out(memory);
        return write_upstream_head(out, to, "flow/a", "x=1", scanned(request),
                                   http::body_framing::of_length(12), added);
    };
    BOOST_TEST(fits(4096));
    for (std::size_t size = 0; size < 4096; size += 7)
        fits(size); // the buffer asserts that nothing goes beyond
    BOOST_TEST(!fits(1536));
}

BOOST_AUTO_TEST_SUITE_END()
