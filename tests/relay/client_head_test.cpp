#include "relay/client_head.hpp"

#include "relay/told_key_state.hpp"
#include "vault/stream_ids.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
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
    additions.rate_limits = "RateLimit: \"user\";r=1;t=1\r\n";
    additions.content_type = "application/json";
    additions.framing = answer_framing::length;
    additions.length = 2;
    std::array<char, 4096> memory;
    flat_buffer out(memory);
    BOOST_REQUIRE(write_client_head(out, head, additions));
    const auto signed_id = vault::sign_stream_id(*ring, ann, "s1");
    BOOST_TEST(out.view() ==
               "HTTP/1.1 201 Created\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
               "Content-Type: application/json\r\nX-Genkit-Trace-Id: t1\r\nx-genkit-stream-id: " +
                   signed_id +
                   "\r\nx-byot-credential: user/openai/cred_1\r\nx-request-id: r-1\r\n"
                   "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nVary: Origin\r\n"
                   "RateLimit: \"user\";r=1;t=1\r\nContent-Length: 2\r\n\r\n");
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
    std::array<char, 4096> memory;
    flat_buffer out(memory);
    BOOST_REQUIRE(write_client_head(out, head, {}));
    BOOST_TEST(out.view().find("GMT\r\nRetry-After: 30\r\nLink: <a>;rel=\"b\"\r\nContent-Encoding: gzip\r\n"
                               "Link: <c>\r\nContent-Encoding: br\r\nx-byot-credential: ") !=
               std::string::npos);
    BOOST_TEST(out.view().find("Basic") == std::string::npos);
    BOOST_TEST(out.view().find("/x") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_connection_names_goes_no_further) {
    const auto head =
        scanned("HTTP/1.1 200 OK\r\nConnection: close, Retry-After\r\nRetry-After: 30\r\nETag: \"1\"\r\n"
                "X-Genkit-Trace-Id: t\r\nConnection: x-genkit-trace-id\r\n\r\n");
    std::array<char, 4096> memory;
    flat_buffer out(memory);
    BOOST_REQUIRE(write_client_head(out, head, {}));
    BOOST_TEST(out.view().find("Retry-After") == std::string::npos);
    BOOST_TEST(out.view().find("X-Genkit") == std::string::npos);
    BOOST_TEST(out.view().find("\r\nETag: \"1\"\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(intermediaries_are_told_to_let_an_event_stream_through) {
    const auto head =
        scanned("HTTP/1.1 200 OK\r\nX-Accel-Buffering: yes\r\nCache-Control: max-age=60\r\n\r\n");
    for (const bool is_event_stream : {false, true}) {
        answer_additions additions;
        additions.is_event_stream = is_event_stream;
        std::array<char, 4096> memory;
        flat_buffer out(memory);
        BOOST_REQUIRE(write_client_head(out, head, additions));
        const auto has = [&](std::string_view line) { return out.view().find(line) != std::string::npos; };
        BOOST_TEST(has("\r\nCache-Control: no-store, no-transform\r\nX-Accel-Buffering: no\r\n") ==
                   is_event_stream);
        BOOST_TEST(has("\r\nCache-Control: no-store\r\n") == !is_event_stream);
        BOOST_TEST(!has("yes"));
        BOOST_TEST(!has("max-age"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
