#include "relay/event_tracker.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using byot::relay::event_tracker;

struct stream_case {
    std::string_view content;
    bool is_between_events;
    bool has_terminal_event;
};

constexpr stream_case cases[] = {
    {"", true, false},
    {"data: {\"message\":\"a\"}\n\n", true, false},
    {"data: {\"message\":\"a\"}\n", false, false},
    {"data: {\"mess", false, false},
    {"data: {\"message\":1}\n\ndata: {\"result\":2}\n\n", true, true},
    {"data: {\"result\":2}\n", false, false},
    {"data: {\"result\":2}", false, false},
    {"data:{\"result\":2}\n\n", true, true},
    {"data:     {\"result\":2}\n\n", true, true},
    {"data: {\"error\":{\"status\":\"INTERNAL\"}}\n\n", true, true},
    {"error: {\"error\":{}}\n\n", true, true},
    {"error: {\"status\":\"X\",\"message\":\"m\"}\n\nEND", false, true},
    {"data: {\"results\":2}\n\n", true, false},
    {"data: {\"message\":\"{\\\"result\\\"\"}\n\n", true, false},
    {": ping\n\n", true, false},
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
                BOOST_TEST(tracker->is_between_events() == each.is_between_events);
                BOOST_TEST(tracker->has_terminal_event() == each.has_terminal_event);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_terminal_event_counts_as_one) {
    event_tracker tracker;
    tracker.follow("data: {\"mess");
    tracker.follow(byot::relay::terminal_event("UNAVAILABLE", "it \"broke\"", true));
    BOOST_TEST(tracker.is_between_events());
    BOOST_TEST(tracker.has_terminal_event());
}

BOOST_AUTO_TEST_CASE(a_terminal_event_has_genkits_form) {
    BOOST_TEST(byot::relay::terminal_event("UNAVAILABLE", "gone", false) ==
               "data: {\"error\":{\"status\":\"UNAVAILABLE\",\"message\":\"gone\"}}\n\n");
}

BOOST_AUTO_TEST_SUITE_END()
