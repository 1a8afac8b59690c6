#include "relay/answer_kind.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using namespace byot;
using namespace byot::relay;

http::response_head scanned(std::string_view text) {
    const auto head = http::scan_response_head(text);
    BOOST_REQUIRE(head.has_value());
    BOOST_REQUIRE(head.value().has_value());
    return *head.value();
}

struct kind_case {
    std::string_view fields;
    std::string_view content;
    bool asked_for_stream;
    std::string_view sent_type;
    bool is_event_stream;
    bool is_followed;
};

constexpr std::string_view event = "data: {\"message\":1}\n\n";
constexpr std::string_view stream = "text/event-stream";

constexpr kind_case kinds[] = {
    // By its label
    {"Content-Type: text/event-stream\r\n", "", true, stream, true, true},
    {"Content-Type: text/event-stream\r\n", "hello", false, stream, true, true},
    {"Content-Type: Text/Event-Stream; charset=utf-8\r\n", "", false, "Text/Event-Stream; charset=utf-8",
     true, true},
    {"Content-Type: text/event-stream ;charset=utf-8\r\n", "", false, "text/event-stream ;charset=utf-8",
     true, true},
    // As Genkit's servers send it when asked
    {"Content-Type: text/plain\r\n", event, true, stream, true, true},
    {"Content-Type: Text/Plain; charset=utf-8\r\n", event, true, stream, true, true},
    {"Content-Type: text/html; charset=utf-8\r\n", event, true, stream, true, true},
    {"Content-Type: text/plain\r\n", "", true, stream, true, true},
    {"Content-Type: text/plain\r\n", "da", true, stream, true, true},
    {"Content-Type: text/plain\r\n", "error: {", true, stream, true, true},
    {"Content-Type: text/plain\r\n", ": ping\n\n", true, stream, true, true},
    {"Content-Type: text/plain\r\n", "\r\ndata: {", true, stream, true, true},
    {"Content-Type: text/plain\r\n",
     "\xEF\xBB\xBF"
     "data: {",
     true, stream, true, true},
    {"", event, true, "", true, true},
    {"", "", true, "", true, true},
    // What is something else
    {"Content-Type: text/plain\r\n", "hello", true, "text/plain", false, false},
    {"Content-Type: text/plain\r\n", "database: full\n", true, "text/plain", false, false},
    {"Content-Type: text/html\r\n", "<html>", true, "text/html", false, false},
    {"Content-Type: text/html\r\n", "", true, "text/html", false, false},
    {"Content-Type: text/plain\r\n", event, false, "text/plain", false, false},
    {"Content-Type: text/html\r\n", event, false, "text/html", false, false},
    {"", event, false, "", false, false},
    {"Content-Type: application/json\r\n", event, true, "application/json", false, false},
    {"Content-Type: text/markdown\r\n", event, true, "text/markdown", false, false},
    {"Content-Type: text/plainer\r\n", event, true, "text/plainer", false, false},
    {"Content-Type: application/x-ndjson\r\n", "{\"result\":1}\n", true, "application/x-ndjson", false,
     false},
    // In a coding that is not looked into
    {"Content-Type: text/event-stream\r\nContent-Encoding: gzip\r\n", "", true, stream, true, false},
    {"Content-Type: text/event-stream\r\nContent-Encoding: x-gzip\r\n", "", true, stream, true, false},
    {"Content-Type: text/event-stream\r\nContent-Encoding: br\r\n", "", true, stream, true, false},
    {"Content-Type: text/event-stream\r\nContent-Encoding: deflate\r\n", "", true, stream, true, false},
    {"Content-Type: text/event-stream\r\ncontent-encoding: ZSTD\r\n", "", true, stream, true, false},
    {"Content-Type: text/event-stream\r\nContent-Encoding: identity, gzip\r\n", "", true, stream, true,
     false},
    {"Content-Type: text/event-stream\r\nContent-Encoding: identity\r\nContent-Encoding: gzip\r\n", "", true,
     stream, true, false},
    {"Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", event, true, "text/plain", false, false},
    {"Content-Encoding: gzip\r\n", event, true, "", false, false},
    {"Content-Type: text/event-stream\r\nContent-Encoding: Identity\r\n", "", true, stream, true, true},
    {"Content-Type: text/event-stream\r\nContent-Encoding: identity, identity\r\n", "", true, stream, true,
     true},
    {"Content-Type: text/event-stream\r\nContent-Encoding:\r\n", "", true, stream, true, true},
    {"Content-Type: text/plain\r\nContent-Encoding: identity\r\n", event, true, stream, true, true},
};

std::string head_of(std::string_view fields, std::string_view line = "HTTP/1.1 200 OK\r\n") {
    return std::string(line) + std::string(fields) + "Transfer-Encoding: chunked\r\n\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(answer_kind_suite)

BOOST_AUTO_TEST_CASE(an_answer_is_a_stream_only_when_it_says_so_or_is_what_genkit_sends) {
    for (const auto& each : kinds) {
        const auto text = head_of(each.fields);
        BOOST_TEST_CONTEXT(each.fields << each.content) {
            const auto kind = kind_of_answer(scanned(text), each.asked_for_stream, each.content);
            BOOST_TEST(kind.content_type == each.sent_type);
            BOOST_TEST(kind.is_event_stream == each.is_event_stream);
            BOOST_TEST(kind.is_followed == each.is_followed);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_of_another_status_is_never_relabelled_nor_ended) {
    for (const std::string_view status :
         {"201 Created", "206 Partial Content", "400 Bad Request", "500 No"}) {
        const auto line = "HTTP/1.1 " + std::string(status) + "\r\n";
        const auto plain = head_of("Content-Type: text/plain\r\n", line);
        BOOST_TEST(kind_of_answer(scanned(plain), true, event).content_type == "text/plain");
        const auto labelled = head_of("Content-Type: text/event-stream\r\n", line);
        BOOST_TEST(!kind_of_answer(scanned(labelled), true, event).is_followed);
        BOOST_TEST(!kind_of_answer(scanned(head_of("", line)), true, event).is_event_stream);
    }
}

BOOST_AUTO_TEST_CASE(content_is_waited_for_where_it_is_sure_to_come_and_the_label_does_not_tell) {
    struct {
        std::string_view fields;
        std::string_view bytes;
        bool is_due;
    } const rows[] = {
        {"Content-Type: text/plain\r\nContent-Length: 5\r\n", "", true},
        {"Content-Type: text/plain\r\nContent-Length: 5\r\n", "h", false},
        {"Content-Type: text/plain\r\nContent-Length: 0\r\n", "", false},
        {"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", "", false},
        {"Content-Type: text/plain\r\n", "", false},
        {"Content-Type: text/html\r\nContent-Length: 5\r\n", "", true},
        {"Content-Type: text/html\r\nContent-Length: 0\r\n", "", false},
        {"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n", "", true},
        {"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n", "5\r\n", true},
        {"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n", "5\r\nh", false},
        {"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", false},
        {"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n", "zz\r\n", false},
        {"Content-Type: text/html\r\n", "", true},
        {"Content-Type: application/json\r\nContent-Length: 5\r\n", "", false},
        {"Content-Type: text/event-stream\r\nContent-Length: 5\r\n", "", false},
        {"Content-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n", "", false},
        {"Content-Length: 5\r\n", "", false},
    };
    for (const auto& [fields, bytes, is_due] : rows) {
        const auto text = "HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n";
        BOOST_TEST(is_content_due(scanned(text), true, bytes) == is_due, fields << bytes);
        BOOST_TEST(!is_content_due(scanned(text), false, bytes));
    }
}

BOOST_AUTO_TEST_CASE(the_first_content_is_found_in_each_framing) {
    using http::body_framing;
    BOOST_TEST(first_content(body_framing::chunked(), "5;a=b\r\nhello\r\n") == "hello");
    BOOST_TEST(first_content(body_framing::chunked(), "5\r\nhe") == "he");
    BOOST_TEST(first_content(body_framing::chunked(), "5\r\n") == "");
    BOOST_TEST(first_content(body_framing::chunked(), "0\r\n\r\nHTTP/1.1") == "");
    BOOST_TEST(first_content(body_framing::chunked(), "zz\r\n") == "");
    BOOST_TEST(first_content(body_framing::of_length(3), "hello") == "hel");
    BOOST_TEST(first_content(body_framing::of_length(3), "") == "");
    BOOST_TEST(first_content(body_framing::until_close(), "hello") == "hello");
    BOOST_TEST(first_content(body_framing::none(), "HTTP/1.1") == "");
}

BOOST_AUTO_TEST_SUITE_END()
