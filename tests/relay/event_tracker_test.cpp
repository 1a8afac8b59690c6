#include "relay/event_tracker.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace byot::relay {
std::ostream& operator<<(std::ostream& out, stream_state state) {
    constexpr std::array names{"finished", "unfinished", "error_begun", "not_genkits"};
    return out << names[static_cast<std::size_t>(state)];
}
} // namespace byot::relay

namespace {

using namespace byot;
using namespace byot::relay;
using enum stream_state;

struct stream_case {
    std::string_view content;
    stream_state state;
};

#define MESSAGE "data: {\"message\":1}\n\n"

constexpr stream_case cases[] = {
    // Genkit's own frames
    {MESSAGE, unfinished},
    {MESSAGE "data: {\"result\":2}\n\n", finished},
    {"data: {\"result\":2}\n\n", finished},
    {"data: {\"result\":null}\n\n", finished},
    {"data: {\"error\":{\"status\":\"INTERNAL\"}}\n\n", finished},
    {"error: {\"error\":{}}\n\n", finished},
    {MESSAGE "error: {\"status\":\"X\",\"message\":\"m\"}\n\nEND", finished},
    {MESSAGE "error: {\"type\":\"x\",\"code\":1}\n\n", finished},
    {MESSAGE "data: {\"result\":2}\n\nEND", finished},
    {"data: {\"result\":2}\n\n" MESSAGE "data: {\"mess", finished},
    {"data: {\"result\":2}\n\ndata: [DONE]\n\n", finished},
    // Other spellings of the same
    {"data:{\"result\":2}\n\n", finished},
    {"data:     {\"result\":2}\n\n", finished},
    {"data: {\"result\":2}\r\n\r\n", finished},
    {"data: {\"result\":2}\r\r", finished},
    {"data: {\"result\":2}\n\r", finished},
    {"\xEF\xBB\xBF"
     "data: {\"result\":2}\n\n",
     finished},
    {": ping\ndata: {\"result\":2}\n\n", finished},
    {"data: {\"result\":2}\n: ping\n\n", finished},
    {": ping\n\n: ping\n\ndata: {\"result\":2}\n\n", finished},
    {"id: 1\nretry: 5\ndata: {\"result\":2}\n\n", finished},
    {"data: {\"result\":2}\nid: 1\n\n", finished},
    {MESSAGE "event: end\ndata: {\"result\":2}\n\n", finished},
    {"data: {\ndata:   \"result\": 2\ndata: }\n\n", finished},
    {"data\ndata: {\"result\":2}\ndata\n\n", finished},
    {"data: {\"\\u0072esult\":2}\n\n", finished},
    {"data: { \"result\" : 2 }\n\n", finished},
    {"data: {\"message\":1,\"result\":2}\n\n", finished},
    {MESSAGE "data: {\"traceId\":\"t\",\"result\":2}\n\n", finished},
    {"\n\n\ndata: {\"result\":2}\n\n", finished},
    // Results that are none
    {"data: {\"message\":{\"result\":1}}\n\n", unfinished},
    {"data: {\"message\":\"{\\\"result\\\":1}\"}\n\n", unfinished},
    {"data: {\"message\":\"\\ndata: {\\\"result\\\":2}\"}\n\n", unfinished},
    {MESSAGE ": {\"result\":2}\n\n", unfinished},
    {MESSAGE "id: {\"result\":2}\n\n", unfinished},
    // An event without its empty line is none
    {"data: {\"result\":2}", unfinished},
    {"data: {\"result\":2}\n", unfinished},
    {"data: {\"result\":2}\r\n", unfinished},
    {"data: {\"result\":2}\r", unfinished},
    {MESSAGE "data: {\"mess", unfinished},
    {MESSAGE "data: {\"message\":1}\n", unfinished},
    // But the flow's own error is the error that its client has to see (Genkit's Python servers send no more)
    {MESSAGE "error: {\"error\":{\"status\":\"INTERNAL\"}}", error_begun},
    {"error: {\"error\":{\"status\":\"INTERNAL\"}}\n", error_begun},
    {"data: {\"error\":{\"status\":\"INTERNAL\"}}", error_begun},
    {"error: {\"error\":{\"status\":\"INTERNAL\"}", unfinished},
    // Nothing that tells, or the beginning of Genkit's first
    {"", unfinished},
    {": ping\n\n", unfinished},
    {": ping", unfinished},
    {"\n\n", unfinished},
    {"\xEF\xBB", unfinished},
    {"\xEF\xBB\xBF", unfinished},
    {"d", unfinished},
    {"data", unfinished},
    {"data:", unfinished},
    {"e", unfinished},
    {"error: {\"sta", unfinished},
    {"data: {\"mess", unfinished},
    {"data: {\"message\":\"\xC3", unfinished},
    {"ev", unfinished},
    {"i", unfinished},
    {"data: {\"er", unfinished},
    // Fields without data decide nothing, before the first event, in it and behind it
    {"id: 1\n\n", unfinished},
    {"id: 1", unfinished},
    {"retry: 1000\n\n", unfinished},
    {"retry: 10", unfinished},
    {"retry: 1000\n\n" MESSAGE, unfinished},
    {"retry: 1000\n\nda", unfinished},
    {"retry: 1000\r\n\r\ndata: {\"mess", unfinished},
    {"id: 1\ndata: {\"message\":1}", unfinished},
    {"id: 1\ndata: {\"message\":1}\n\n", unfinished},
    {"data: {\"message\":1}\nid: 1\nretry: 2\n\n", unfinished},
    {"data: {\"message\":1}\nid", unfinished},
    {"id\nretry\n\n" MESSAGE, unfinished},
    {"x: 1\n\n" MESSAGE, unfinished},
    {MESSAGE "id: 2\n\n", unfinished},
    {"id: 1\ndata: {\"error\":{\"status\":\"INTERNAL\"}}", error_begun},
    // An event with data is what its data says, whatever else is in it
    {"data: {\"message\":1}\nerror: {\"status\":\"X\"}\n\n", unfinished},
    {"error: {\"status\":\"X\"}\ndata: {\"message\":1}\n\n", unfinished},
    {MESSAGE "data: {\"error\":{},\"result\":1}", unfinished},
    {"data: {\"error\":{\"stat", unfinished},
    // `message` is the type of an event without one
    {"event: message\ndata: {\"message\":1}\n\n", unfinished},
    {"event:message\r\ndata: {\"message\":1}\r\n\r\n", unfinished},
    {"data: {\"message\":1}\nevent: message\n\n", unfinished},
    {"event: message\ndata: {\"result\":1}\n\n", finished},
    {"event:\ndata: {\"message\":1}\n\n", unfinished},
    {"event\ndata: {\"message\":1}\n\n", unfinished},
    {"event: x\nevent: message\ndata: {\"message\":1}\n\n", unfinished},
    {"event: message\n\n", unfinished},
    {"event: mess", unfinished},
    {"event: message\ndata: {\"mess", unfinished},
    {"event: message\nevent: x\ndata: {\"message\":1}\n\n", not_genkits},
    {"event: messages\ndata: {\"message\":1}\n\n", not_genkits},
    {"event: mess\ndata: {\"message\":1}\n\n", not_genkits},
    {"event:  message\ndata: {\"message\":1}\n\n", not_genkits},
    {"event: Message\ndata: {\"message\":1}\n\n", not_genkits},
    {"event: messagemessage\ndata: {\"message\":1}\n\n", not_genkits},
    {"event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n", not_genkits},
    {"event: message\ndata: {\"jsonrpc\":\"2.0\",\"me", not_genkits},
    {"event: message\ndata: {\"js", not_genkits},
    {"id: 1\ndata: \n\n", not_genkits},
    {"id: 1\nretry: 5\ndata: {\"type\":\"start\"}\n\n", not_genkits},
    {"id: 1\ndata: {\"choices\":[]}\n\n", not_genkits},
    {"retry: 1000\n\nevent: endpoint\ndata: /messages\n\n", not_genkits},
    // What began as Genkit's is so behind any object that is no other protocol's
    {MESSAGE "data: {\"Result\":2}\n\n", unfinished},
    {MESSAGE "data: {\"RESULT\":2}\n\n", unfinished},
    {MESSAGE "data: {\"results\":2}\n\n", unfinished},
    {MESSAGE "data: {\"result \":2}\n\n", unfinished},
    {MESSAGE "data: {\"nested\":{\"result\":2}}\n\n", unfinished},
    {MESSAGE "data: {\"list\":[{\"result\":2}]}\n\n", unfinished},
    {MESSAGE "data: {\"quoted\":\"{\\\"result\\\":2}\"}\n\n", unfinished},
    {MESSAGE "data: {\"usage\":{}}\n\n", unfinished},
    {MESSAGE "data: {}\n\n", unfinished},
    {MESSAGE "data: {\"error\":null}\n\n", unfinished},
    {MESSAGE "data: {\"Error\":{}}\n\n", unfinished},
    {MESSAGE "data: {\"done\":true}\n\n" MESSAGE, unfinished},
    {MESSAGE "data: {\"type\":{\"result\":2}}\n\n", unfinished},
    {MESSAGE "data: {\"type\":null}\n\n", unfinished},
    {MESSAGE "data: {\"type\":\"a\",\"type\":1}\n\n", unfinished},
    {MESSAGE "data: {\"choices\":{\"result\":2}}\n\n", unfinished},
    {MESSAGE "data: {\"a\":{\"type\":\"finish\"}}\n\n", unfinished},
    {MESSAGE "data: {\"message\":1,\"type\":\"a\"}\n\n", unfinished},
    {MESSAGE "event: message\ndata: {\"Result\":2}\n\n", unfinished},
    {MESSAGE "event: delta\ndata: {\"message\":2}\n\n", unfinished},
    {MESSAGE "data: {\"mess\n\n", unfinished},
    {MESSAGE "data: {\"result\":2\n\n", unfinished},
    {MESSAGE "data: {'result':2}\n\n", unfinished},
    {MESSAGE "data:\n\n", unfinished},
    {MESSAGE "data: {\"Result\":2}\n\ndata: {\"result\":2}\n\n", finished},
    {MESSAGE "data: {\"type\":\"a\",\"result\":2}\n\n", finished},
    {MESSAGE "data: {\"type\":\"error\",\"error\":{}}\n\n", finished},
    // until an event shows another protocol's sign
    {MESSAGE "data: {\"type\":\"finish\"}\n\n", not_genkits},
    {MESSAGE "data: {\"type\":\"finish\"}\n\n" MESSAGE, not_genkits},
    {MESSAGE "data: {\"type\":\"finish\"}\n\ndata: [DONE]\n\n", not_genkits},
    {MESSAGE "data: {\"jsonrpc\":\"2.0\",\"method\":\"m\"}\n\n", not_genkits},
    {MESSAGE "data: {\"choices\":[]}\n\n", not_genkits},
    {MESSAGE "data: {\"candidates\":[{}]}\n\n", not_genkits},
    {MESSAGE "data: {\"Result\":2}\n\ndata: [DONE]\n\n", not_genkits},
    {MESSAGE "event: done\ndata: {}\n\n", not_genkits},
    {MESSAGE "data: hello\n\n", not_genkits},
    {MESSAGE "data: [{\"result\":2}]\n\n", not_genkits},
    {MESSAGE "data: \"result\"\n\n", not_genkits},
    {MESSAGE "data: 2\n\n", not_genkits},
    {MESSAGE "error: it went wrong\n\n", not_genkits},
    {MESSAGE "error: {\"status\n\n", unfinished},
    // Other protocols
    {"event: x\n", not_genkits},
    {"event: x\ndata: {\"mess", not_genkits},
    {"data: {}", not_genkits},
    {"data: {\"error\":null}", not_genkits},
    {"data: {\"Result\":2}\n\n" MESSAGE, not_genkits},
    {"data: {\"nested\":{\"result\":2}}\n\ndata: {\"result\":2}\n\n", not_genkits},
    {"data: {\"choi", not_genkits},
    {"data: [DONE]\n\n", not_genkits},
    {"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", not_genkits},
    {"data: {\"choices\":[]}\n\ndata: [DONE]\n\n", not_genkits},
    {"data: {\"type\":\"text-delta\",\"delta\":\"a\"}\n\ndata: [DONE]\n\n", not_genkits},
    {"data: {\"type\":\"finish\"}\n\n", not_genkits},
    {"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"1\"}}\n\n", not_genkits},
    {"data: {\"type\":\"error\",\"error\":{\"message\":\"m\"}}\n\n", not_genkits},
    {"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", not_genkits},
    {"event: ping\n\n", not_genkits},
    {"data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n", not_genkits},
    {"data: {\"message\":{},\"conversation_id\":\"1\",\"error\":null}\n\n", not_genkits},
    {"data: hello\n\n", not_genkits},
    {"data: {\"result\":2\n\n", not_genkits},
    {"data: {\"a\":{\"result\":2}}\n\n", not_genkits},
    {"data: {\"results\":2}\n\n", not_genkits},
    {"data: {\"error\":null}\n\n", not_genkits},
    {"data: \"result\"\n\n", not_genkits},
    {"data: {}\n\n", not_genkits},
    {"data\n\n", not_genkits},
    {"data: {\"result\":\"a\ndata: b\"}\n\n", not_genkits},
    {MESSAGE "data: [DONE]\n\n", not_genkits},
    {"error: it went wrong\n\n", not_genkits},
    {"hello", not_genkits},
    {"hello\n\n", not_genkits},
    {"{\"result\":2}\n\n", not_genkits},
    {"data: hel", not_genkits},
    {"data: [DON", not_genkits},
    {"data: {\"choices\":[", not_genkits},
    {"event: message_st", not_genkits},
    {"{\"a\":", not_genkits},
};

event_tracker after(std::string_view content, std::size_t step) {
    event_tracker tracker;
    for (; !content.empty(); content.remove_prefix(std::min(step, content.size()))) {
        tracker.follow(content.substr(0, step));
    }
    return tracker;
}

struct failure_case {
    std::string_view content;
    unsigned status; ///< 0: none
    std::string_view key_state;
};

constexpr failure_case failures[] = {
    {MESSAGE, 0, ""},
    {MESSAGE "data: {\"result\":{\"error\":{\"status\":\"NOT_FOUND\"}}}\n\n", 0, ""},
    {"data: {\"result\":1}\n\ndata: {\"error\":{\"status\":\"NOT_FOUND\"}}\n\n", 0, ""},
    {"data: {\"result\":1,\"error\":{\"status\":\"NOT_FOUND\"}}\n\n", 0, ""},
    {MESSAGE "data: {\"error\":{\"status\":\"NOT_FOUND\"}}\n\n", 404, ""},
    {MESSAGE "data: {\"error\":{\"status\":\"NOT_FOUND\"}}\n\ndata: {\"result\":1}\n\n", 404, ""},
    {MESSAGE
     "error: "
     "{\"error\":{\"status\":\"RESOURCE_EXHAUSTED\",\"details\":{\"x-byot-key-state\":\"exhausted\"}}}\n\n",
     429, "exhausted"},
    {"error: "
     "{\"status\":\"UNAUTHENTICATED\",\"message\":\"m\",\"details\":[{\"x-byot-key-state\":\"rejected\"}]}"
     "\n\nEND",
     401, "rejected"},
    {"error: {\"error\":{\"status\":\"ABORTED\",\"details\":{\"x-byot-key-state\":\"rejected\"}}}", 409,
     "rejected"},
    {"data: {\ndata: \"error\": {\ndata: \"status\": \"DATA_LOSS\"}}\r\n\r\n", 500, ""},
    {MESSAGE "data: {\"error\":{\"status\":\"NOT_FOUND\",\"details\":{\"x-byot-key-state\":\"rejected\"}}", 0,
     ""},
    {"data: {\"message\":{\"error\":{\"details\":{\"x-byot-key-state\":\"rejected\"}}}}\n\n", 0, ""},
    {"data: {\"type\":\"error\",\"error\":{\"details\":{\"x-byot-key-state\":\"rejected\"}}}\n\n", 0, ""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(event_tracker_follows)

BOOST_AUTO_TEST_CASE(each_stream_the_same_however_it_is_cut) {
    for (const auto& each : cases) {
        for (std::size_t step = 1; step <= each.content.size() + 1; ++step) {
            BOOST_TEST_CONTEXT(each.content << " by " << step) {
                BOOST_TEST(after(each.content, step).state() == each.state);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(only_a_stream_of_genkits_that_lacks_its_end_is_given_one) {
    for (const auto& each : cases) {
        BOOST_TEST_CONTEXT(each.content) {
            auto tracker = after(each.content, 1000);
            const auto closing = tracker.closing("it \"broke\"");
            if (each.state == finished || each.state == not_genkits) {
                BOOST_TEST(closing.empty());
                continue;
            }
            const auto event = terminal_event("UNAVAILABLE", "it \"broke\"", "");
            BOOST_TEST(closing.ends_with(event) == (each.state == unfinished));
            BOOST_TEST(closing.find_first_not_of('\n') ==
                       (each.state == unfinished ? closing.find(event) : closing.npos));
            if (!tracker.rest_of_event().empty())
                continue; // what was cut becomes an event, whose is nobody's
            tracker.follow(closing);
            BOOST_TEST(tracker.state() == finished);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_cut_anywhere_is_followed_by_an_event_of_its_own) {
    constexpr std::string_view stream =
        "\xEF\xBB\xBF: p\r\n\r\ndata: {\"message\":\"\xC3\xA4\"}\r\n\r\ndata: {\r\ndata: \"message\":1}\r\r"
        "data: {\"message\":2}\n\n";
    for (std::size_t end = 0; end <= stream.size(); ++end) {
        const auto tracker = after(stream.substr(0, end), 1000);
        BOOST_TEST_CONTEXT(end) {
            BOOST_TEST(tracker.state() == unfinished);
            const auto closing = tracker.closing("m");
            event_reader reader;
            const auto whole = std::string(stream.substr(0, end)) + closing;
            reader.feed(whole);
            unsigned events = 0;
            std::string data; // of the event before the last empty line
            std::string last;
            for (auto token = reader.next(); token.what != event_token::kind::need_more;
                 token = reader.next()) {
                if (token.what == event_token::kind::value && token.field == event_field::data)
                    data += token.value;
                if (token.what != event_token::kind::event_end || data.empty()) continue;
                last = std::exchange(data, {});
                ++events;
            }
            BOOST_TEST(events > 0u);
            BOOST_TEST(last == "{\"error\":{\"status\":\"UNAVAILABLE\",\"message\":\"m\"}}");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_flows_error_tells_its_status_and_the_keys_state) {
    for (const auto& each : failures) {
        for (const std::size_t step : {1, 7, 1000}) {
            BOOST_TEST_CONTEXT(each.content << " by " << step) {
                const auto tracker = after(each.content, step);
                BOOST_TEST(tracker.failure().value_or(0) == each.status);
                const auto state = tracker.told_key_state();
                BOOST_TEST((state ? vault::name_of(*state) : "") == each.key_state);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_terminal_event_has_genkits_form) {
    BOOST_TEST(terminal_event("UNAVAILABLE", "gone", "") ==
               "data: {\"error\":{\"status\":\"UNAVAILABLE\",\"message\":\"gone\"}}\n\n");
}

BOOST_AUTO_TEST_SUITE_END()
