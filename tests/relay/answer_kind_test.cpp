#include "relay/answer_kind.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

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

/// A chunk of it, or nothing of nothing.
std::string framed(std::string_view content) {
    if (content.empty()) return {};
    return fmt::format("{:x}\r\n{}\r\n", content.size(), content);
}

} // namespace

BOOST_AUTO_TEST_SUITE(answer_kind_suite)

BOOST_AUTO_TEST_CASE(an_answer_is_a_stream_only_when_it_says_so_or_is_what_genkit_sends) {
    for (const auto& each : kinds) {
        const auto text = head_of(each.fields);
        BOOST_TEST_CONTEXT(each.fields << each.content) {
            const auto kind = kind_of_answer(scanned(text), each.asked_for_stream, framed(each.content));
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
        BOOST_TEST(kind_of_answer(scanned(plain), true, framed(event)).content_type == "text/plain");
        const auto labelled = head_of("Content-Type: text/event-stream\r\n", line);
        BOOST_TEST(!kind_of_answer(scanned(labelled), true, framed(event)).is_followed);
        BOOST_TEST(!kind_of_answer(scanned(head_of("", line)), true, framed(event)).is_event_stream);
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

/// Of each text, whether it is a stream's when it is all, and when more is to come.
BOOST_AUTO_TEST_CASE(a_text_is_a_streams_when_something_an_event_stream_has_follows_its_comments) {
    enum class told { text, stream, due };
    using enum told;
    struct {
        std::string_view content;
        told when_whole;
        told when_begun;
    } const rows[] = {
        {": text", text, due},
        {": text\n", text, due},
        {":", text, due},
        {"\n", text, due},
        {"\n\n: text\n", text, due},
        {": text\nmore of it", text, text},
        {": text\n\nmore of it", text, text},
        {": text\n- item", text, text},
        {": ping\n\n", text, stream},
        {": ping\r\r", text, stream},
        {": ping\n: ping\n\n: pi", text, stream},
        {"retry: 1000\n\n", text, stream},
        {": ping\ndata: 1", stream, stream},
        {": ping\n\ndata: 1\n\n", stream, stream},
        {"id: 5\nretry: 1\n: c\nerror: {", stream, stream},
        {": c\nevent: x\n", stream, stream},
        {": c\ndata\n", stream, stream},
        {"id: 5\nname: Bob\n", text, text},
        {"id: 5\n", text, due},
        {"re", text, due},
        {"retry", text, due},
        {"retry these", text, text},
        {"da", text, due},
        {"data", text, due},
        {"data:", stream, stream},
        {"database: full\n", text, text},
        {"e", text, due},
        {"\xEF\xBB", text, due},
        {"\xEF\xBB\xBF: c\ndata: 1", stream, stream},
        {"I am", text, text},
    };
    const auto head = [](const std::string& framing, std::string_view type) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) + "\r\n" + framing + "\r\n";
    };
    for (const auto& [content, when_whole, when_begun] : rows) {
        const auto size = content.size();
        const auto chunked = head("Transfer-Encoding: chunked\r\n", "text/plain");
        const auto begun = framed(content);
        const struct {
            std::string head;
            std::string bytes;
            told wanted;
        } ways[] = {
            {chunked, begun, when_begun},
            {chunked, begun + "0\r\n\r\n", when_whole},
            {head("Transfer-Encoding: chunked\r\n", "text/html"), begun + "0\r\n\r\n", when_whole},
            {chunked, framed(content.substr(0, 1)) + (size > 1 ? framed(content.substr(1)) : ""), when_begun},
            {head("Content-Length: " + std::to_string(size) + "\r\n", "text/plain"), std::string(content),
             when_whole},
            {head("Content-Length: 9999\r\n", "text/plain"), std::string(content), when_begun},
            {head("", "text/plain"), std::string(content), when_begun},
        };
        for (const auto& way : ways) {
            BOOST_TEST_CONTEXT(way.head << way.bytes) {
                const auto answer = scanned(way.head);
                BOOST_TEST(is_content_due(answer, true, way.bytes) == (way.wanted == due));
                BOOST_TEST(kind_of_answer(answer, true, way.bytes).is_followed == (way.wanted == stream));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(padding_is_not_waited_behind_for_ever) {
    const auto head = head_of("Content-Type: text/plain\r\n");
    const auto bytes = framed(":" + std::string(2048, ' ') + "\n");
    BOOST_TEST(!is_content_due(scanned(head), true, bytes));
    BOOST_TEST(kind_of_answer(scanned(head), true, bytes).is_followed);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

using namespace byot::relay;

struct request_case {
    std::string_view text;
    bool asks;
};

constexpr request_case accepts[] = {
    {"text/event-stream", true},
    {"Text/Event-Stream", true},
    {" text/event-stream ", true},
    {"application/json, text/event-stream", true},
    {"text/event-stream,application/json", true},
    {",, text/event-stream", true},
    {"text/event-stream;q=0.1", true},
    {"text/event-stream; charset=utf-8; q=1.000", true},
    {"text/event-stream;q=0.001", true},
    {"text/event-stream;q=0, text/event-stream", true},
    {"text/event-stream;note=\"q=0\"", true},
    {"text/event-stream;note=\"a;q=0\"", true},
    {"a/b;c=\"\\\",\", text/event-stream", true},
    {"", false},
    {"*/*", false},
    {"text/*", false},
    {"application/json", false},
    {"text/event-stream;q=0", false},
    {"text/event-stream;q=0.000", false},
    {"text/event-stream;Q=0.", false},
    {"text/event-stream ; a=b ; q=0", false},
    {"text/event-streams", false},
    {"x-text/event-stream", false},
    {"text/event", false},
    {"application/json;note=\"text/event-stream\"", false},
    {"application/json;note=\", text/event-stream\"", false},
    {"application/json;note=\"\\\", text/event-stream", false},
    {"application/json;a=text/event-stream", false},
};

constexpr request_case queries[] = {
    {"stream=true", true},       {"a=1&stream=true", true},
    {"stream=true&a=1", true},   {"stream=false&stream=true", true},
    {"str%65am=tru%65", true},   {"%73%74%72%65%61%6D=%74%72%75%65", true},
    {"&&stream=true&", true},    {"", false},
    {"stream", false},           {"stream=", false},
    {"stream=1", false},         {"stream=True", false},
    {"stream=TRUE", false},      {"Stream=true", false},
    {"stream=truer", false},     {"stream=true%20", false},
    {"stream=+true", false},     {"stream=tru%6", false},
    {"stream==true", false},     {"stream=%22true%22", false},
    {"stream[]=true", false},    {"upstream=true", false},
    {"a=stream=true", false},    {"a=1;stream=true", false},
    {"a=%26stream=true", false}, {"+stream=true", false},
    {"%zzstream=true", false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(stream_request)

BOOST_AUTO_TEST_CASE(accept_asks_for_a_stream_by_its_type_and_weight) {
    for (const auto& [text, asks] : accepts) BOOST_TEST(accepts_event_stream(text) == asks, text);
}

BOOST_AUTO_TEST_CASE(the_query_asks_for_a_stream_by_one_parameter_alone) {
    for (const auto& [text, asks] : queries) BOOST_TEST(query_asks_for_stream(text) == asks, text);
}

BOOST_AUTO_TEST_SUITE_END()
