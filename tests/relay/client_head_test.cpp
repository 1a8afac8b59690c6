#include "relay/client_head.hpp"

#include "vault/stream_ids.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace {

const byot::user_id ann("ann");

using namespace byot;
using namespace byot::relay;

http::response_head scanned(std::string_view text) {
    const auto head = http::scan_response_head(text);
    BOOST_REQUIRE(head.has_value());
    BOOST_REQUIRE(head.value().has_value());
    return *head.value();
}

std::shared_ptr<const vault::keyring> make_ring() {
    std::vector<vault::keyring_entry> entries;
    entries.push_back(vault::make_entry(wall_now()));
    return std::make_shared<const vault::keyring>(std::move(entries));
}

/// What goes to the client in front of the answer's body.
std::string written(const http::response_head& head, const answer_additions& additions) {
    http::response_writer out(false);
    std::array<char, 4096> memory;
    out.open(memory);
    http::response_writer::answer answer;
    answer.status = head.status;
    answer.body = head.body;
    out.begin(answer);
    BOOST_REQUIRE(write_client_head(out, head, additions));
    return std::string(out.bytes());
}

} // namespace

BOOST_AUTO_TEST_SUITE(client_head)

BOOST_AUTO_TEST_CASE(genkit_fields_pass_and_others_do_not) {
    const auto ring = make_ring();
    const vault::live_keyring live(ring);
    const auto head =
        scanned("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                "X-Genkit-Trace-Id: t1\r\nx-genkit-stream-id: s1\r\nSet-Cookie: a=b\r\n"
                "Server: secret\r\nx-byot-key-state: rejected\r\n\r\n");
    answer_additions additions;
    additions.keyring = &live;
    additions.who = &ann;
    additions.provider = "openai";
    additions.credential_id = "cred_1";
    additions.request_id = "r-1";
    additions.carried = "Vary: Origin\r\n";
    additions.rate_limits.user = {2, 60, 1, 1};
    additions.content_type = "application/json";
    const auto out = written(head, additions);
    const auto signed_id = vault::sign_stream_id(*ring, ann, "s1");
    BOOST_TEST(out == "HTTP/1.1 201 Created\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                      "Content-Type: application/json\r\nX-Genkit-Trace-Id: t1\r\nx-genkit-stream-id: " +
                          signed_id +
                          "\r\nx-byot-credential: user/openai/cred_1\r\nx-request-id: r-1\r\n"
                          "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nVary: Origin\r\n"
                          "RateLimit-Policy: \"user\";q=2;w=60\r\nRateLimit: "
                          "\"user\";r=1;t=1\r\nContent-Length: 2\r\n\r\n");
    BOOST_CHECK(told_key_state(head) == vault::key_state::rejected);
}

BOOST_AUTO_TEST_CASE(an_unknown_key_state_says_nothing) {
    const auto head = scanned("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nx-byot-key-state: verified\r\n\r\n");
    BOOST_CHECK(!told_key_state(head));
}

BOOST_AUTO_TEST_CASE(each_line_of_a_field_that_passes_goes_as_it_came) {
    const auto head =
        scanned("HTTP/1.1 429 Slow\r\nRetry-After: 30\r\nLink: <a>;rel=\"b\"\r\nContent-Encoding: gzip\r\n"
                "Link: <c>\r\nContent-Encoding: br\r\nWWW-Authenticate: Basic\r\nLocation: /x\r\n\r\n");
    const auto out = written(head, {});
    BOOST_TEST(out.find("GMT\r\nRetry-After: 30\r\nLink: <a>;rel=\"b\"\r\nContent-Encoding: gzip\r\n"
                        "Link: <c>\r\nContent-Encoding: br\r\nx-byot-credential: ") != std::string::npos);
    BOOST_TEST(out.find("Basic") == std::string::npos);
    BOOST_TEST(out.find("/x") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_connection_names_goes_no_further) {
    const auto head =
        scanned("HTTP/1.1 200 OK\r\nConnection: close, Retry-After\r\nRetry-After: 30\r\nETag: \"1\"\r\n"
                "X-Genkit-Trace-Id: t\r\nConnection: x-genkit-trace-id\r\n\r\n");
    const auto out = written(head, {});
    BOOST_TEST(out.find("Retry-After") == std::string::npos);
    BOOST_TEST(out.find("X-Genkit") == std::string::npos);
    BOOST_TEST(out.find("\r\nETag: \"1\"\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(intermediaries_are_told_to_let_an_event_stream_through) {
    const auto head =
        scanned("HTTP/1.1 200 OK\r\nX-Accel-Buffering: yes\r\nCache-Control: max-age=60\r\n\r\n");
    for (const bool is_event_stream : {false, true}) {
        answer_additions additions;
        additions.is_event_stream = is_event_stream;
        const auto out = written(head, additions);
        const auto has = [&](std::string_view line) { return out.find(line) != std::string::npos; };
        BOOST_TEST(has("\r\nCache-Control: no-store, no-transform\r\nX-Accel-Buffering: no\r\n") ==
                   is_event_stream);
        BOOST_TEST(has("\r\nCache-Control: no-store\r\n") == !is_event_stream);
        BOOST_TEST(!has("yes"));
        BOOST_TEST(!has("max-age"));
    }
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

using namespace byot::relay;

struct passing_case {
    std::string_view name;
    unsigned status;
    bool passes;
};

constexpr passing_case cases[] = {
    {"Retry-After", 429, true},
    {"retry-after", 503, true},
    {"RETRY-AFTER", 200, true},
    {"Content-Language", 200, true},
    {"Content-Disposition", 200, true},
    {"Content-Encoding", 200, true},
    {"ETag", 200, true},
    {"Last-Modified", 200, true},
    {"Location", 201, true},
    {"Location", 302, true},
    {"Location", 308, true},
    {"Location", 200, false},
    {"Location", 404, false},
    {"Allow", 405, true},
    {"Allow", 200, false},
    {"Content-Range", 206, true},
    {"Content-Range", 416, true},
    {"Content-Range", 200, false},
    {"Accept-Post", 415, true},
    {"Accept", 415, true},
    {"Accept", 200, false},
    {"Deprecation", 200, true},
    {"Sunset", 200, true},
    {"Link", 200, true},
    {"X-Genkit-Trace-Id", 200, true},
    {"x-genkit-", 500, true},
    {"x-genkit", 200, false},
    {"WWW-Authenticate", 401, false},
    {"Proxy-Authenticate", 407, false},
    {"Authentication-Info", 200, false},
    {"Set-Cookie", 200, false},
    {"Server", 200, false},
    {"Via", 200, false},
    {"Vary", 200, false},
    {"Warning", 200, false},
    {"Trailer", 200, false},
    {"Alt-Svc", 200, false},
    {"Clear-Site-Data", 200, false},
    {"Refresh", 200, false},
    {"Access-Control-Allow-Origin", 200, false},
    {"Content-Security-Policy", 200, false},
    {"Strict-Transport-Security", 200, false},
    {"RateLimit", 429, false},
    {"Cache-Control", 200, false},
    {"X-Accel-Buffering", 200, false},
    {"X-Accel-Redirect", 200, false},
    {"Content-Type", 200, false},
    {"Content-Length", 200, false},
    {"Transfer-Encoding", 200, false},
    {"Connection", 200, false},
    {"Keep-Alive", 200, false},
    {"x-byot-key-state", 200, false},
    {"x-byot-credential", 200, false},
    {"Retry-After2", 429, false},
    {"X-Unknown", 200, false},
    {"", 200, false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(answer_fields_table)

BOOST_AUTO_TEST_CASE(lets_through_what_the_status_and_the_body_need) {
    for (const auto& [name, status, passes] : cases) {
        BOOST_TEST(passes_to_client(name, status) == passes, name << " with " << status);
    }
}

BOOST_AUTO_TEST_CASE(names_each_field_once_in_lower_case_with_a_reason) {
    std::set<std::string_view> names;
    for (const auto& row : answer_fields()) {
        BOOST_TEST(names.insert(row.name).second, row.name);
        BOOST_TEST(
            std::none_of(row.name.begin(), row.name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
        BOOST_TEST(!row.why.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
