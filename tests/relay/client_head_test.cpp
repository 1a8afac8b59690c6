#include "relay/client_head.hpp"

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

struct type_case {
    std::string_view fields;
    bool asked_for_stream;
    std::string_view sent_type;
    bool is_stream;
};

constexpr type_case types[] = {
    {"Content-Type: text/event-stream\r\n", true, "text/event-stream", true},
    {"Content-Type: text/event-stream; charset=utf-8\r\n", false, "text/event-stream; charset=utf-8", true},
    {"Content-Type: text/plain\r\n", true, "text/event-stream", true},
    {"Content-Type: Text/Plain; charset=utf-8\r\n", true, "text/event-stream", true},
    {"Content-Type: text/plain\r\n", false, "text/plain", false},
    {"Content-Type: application/json\r\n", true, "application/json", false},
    {"", true, "", true},
    {"", false, "", false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(client_head)

BOOST_AUTO_TEST_CASE(only_mislabelled_event_streams_change_their_type) {
    for (const auto& each : types) {
        const auto text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + std::string(each.fields) + "\r\n";
        const auto head = scanned(text);
        BOOST_TEST_CONTEXT(each.fields) {
            BOOST_TEST(answer_content_type(head, each.asked_for_stream) == each.sent_type);
            BOOST_TEST(is_event_stream(head, each.asked_for_stream) == each.is_stream);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_is_never_relabelled) {
    const auto head = scanned("HTTP/1.1 500 No\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(answer_content_type(head, true) == "text/plain");
    BOOST_TEST(!is_event_stream(head, true));
}

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

BOOST_AUTO_TEST_SUITE_END()
