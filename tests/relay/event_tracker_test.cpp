#include "relay/event_tracker.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using byot::relay::event_tracker;

struct stream_case {
    std::string_view content;
    std::string_view rest_of_event;
    bool has_terminal_event;
};

constexpr stream_case cases[] = {
    {"", "", false},
    {"data: {\"message\":\"a\"}\n\n", "", false},
    {"data: {\"message\":\"a\"}\n", "\n", false},
    {"data: {\"mess", "\n\n", false},
    {"data: {\"message\":1}\n\ndata: {\"result\":2}\n\n", "", true},
    {"data: {\"result\":2}\n", "\n", false},
    {"data: {\"result\":2}", "\n\n", false},
    {"data:{\"result\":2}\n\n", "", true},
    {"data:     {\"result\":2}\n\n", "", true},
    {"data: {\"error\":{\"status\":\"INTERNAL\"}}\n\n", "", true},
    {"error: {\"error\":{}}\n\n", "", true},
    {"error: {\"status\":\"X\",\"message\":\"m\"}\n\nEND", "\n\n", true},
    {"data: {\"results\":2}\n\n", "", false},
    {"data: {\"message\":\"{\\\"result\\\"\"}\n\n", "", false},
    {": ping\n\n", "", false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(event_tracker_follows)

BOOST_AUTO_TEST_CASE(each_stream_whole_and_byte_by_byte) {
    for (const auto& each : cases) {
        event_tracker whole;
        whole.follow(each.content);
        event_tracker bytewise;
        for (const char& byte : each.content) bytewise.follow({&byte, 1});
        for (const auto* tracker : {&whole, &bytewise}) {
            BOOST_TEST_CONTEXT(each.content) {
                BOOST_TEST(tracker->rest_of_event() == each.rest_of_event);
                BOOST_TEST(tracker->has_terminal_event() == each.has_terminal_event);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_terminal_event_counts_as_one) {
    for (const std::string_view before : {"", "data: {\"mess", "data: {\"message\":1}\n", "\n"}) {
        event_tracker tracker;
        tracker.follow(before);
        tracker.follow(byot::relay::terminal_event("UNAVAILABLE", "it \"broke\"", tracker.rest_of_event()));
        BOOST_TEST(tracker.rest_of_event() == "");
        BOOST_TEST(tracker.has_terminal_event());
    }
}

BOOST_AUTO_TEST_CASE(a_terminal_event_has_genkits_form) {
    BOOST_TEST(byot::relay::terminal_event("UNAVAILABLE", "gone", "") ==
               "data: {\"error\":{\"status\":\"UNAVAILABLE\",\"message\":\"gone\"}}\n\n");
}

BOOST_AUTO_TEST_SUITE_END()
