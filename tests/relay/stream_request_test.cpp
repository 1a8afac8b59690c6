#include "relay/stream_request.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

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
