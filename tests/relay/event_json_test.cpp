#include "relay/event_json.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using namespace byot;
using namespace byot::relay;

/// What is seen of a text: m, r, e and o for its members, "whole" or "open", or "malformed".
std::string seen_of(std::string_view text, std::size_t step, event_json::kind kind) {
    event_json json;
    json.begin(kind);
    for (auto rest = text; !rest.empty(); rest.remove_prefix(std::min(step, rest.size()))) {
        json.feed(rest.substr(0, step));
    }
    if (json.is_malformed()) return "malformed";
    std::string seen;
    if (json.has_message()) seen += 'm';
    if (json.has_result()) seen += 'r';
    if (json.has_error()) seen += 'e';
    if (json.has_other()) seen += 'o';
    return seen + (json.is_whole() ? " whole" : " open");
}

struct json_case {
    std::string_view text;
    std::string_view seen;
};

constexpr json_case members[] = {
    {R"({"result":2})", "r whole"},
    {R"({"message":"a"})", "m whole"},
    {R"({"error":{"status":"INTERNAL"}})", "e whole"},
    {R"({"error":"text"})", "e whole"},
    {R"({"error":null})", " whole"},
    {R"({"result":null})", "r whole"},
    {R"({"message":1,"result":2})", "mr whole"},
    {R"({"a":1,"result":2})", "ro whole"},
    {R"({"result":1,"result":2})", "r whole"},
    {R"({"error":1,"error":null})", " whole"},
    {"{}", " whole"},
    {" \t{ \"result\" : 2 , \"a\" : [ ] } ", "ro whole"},
    // As JSON reads names
    {R"({"\u0072esult":2})", "r whole"},
    {R"({"r\u0065\u0073ult":2})", "r whole"},
    {R"({"\u0052esult":2})", "o whole"},
    {R"({"Result":2})", "o whole"},
    {R"({"results":2})", "o whole"},
    {R"({"resul":2})", "o whole"},
    {R"({"result ":2})", "o whole"},
    {R"({"result\u0000":2})", "o whole"},
    {R"({"result\n":2})", "o whole"},
    {R"({"":2})", "o whole"},
    {R"({"\"result":2})", "o whole"},
    {"{\"r\xC3\xA9sult\":2}", "o whole"},
    {R"({"a very long name that has no end in sight result":2})", "o whole"},
    // Nested and quoted ones are none
    {R"({"message":{"result":2}})", "m whole"},
    {R"({"message":[{"result":2},{"error":3}]})", "m whole"},
    {R"({"message":"\"result\":2"})", "m whole"},
    {R"({"message":"{\"result\":2}"})", "m whole"},
    {R"({"message":"\\","result":2})", "mr whole"},
    {R"({"message":"\\\",\"result\":2"})", "m whole"},
    {R"({"message":"}","a":"{"})", "mo whole"},
    {R"({"message":["]",[[[]]],{"a":{"b":"}"}}],"result":1})", "mr whole"},
    {R"({"message":"result"})", "m whole"},
    {R"({"error":{"result":2,"message":"m"}})", "e whole"},
    // Not whole
    {"", " open"},
    {"{", " open"},
    {R"({"res)", " open"},
    {R"({"result")", " open"},
    {R"({"result":)", " open"},
    {R"({"result":2)", "r open"},
    {R"({"result":"a)", "r open"},
    {R"({"result":"a\")", "r open"},
    {R"({"result":"a")", "r open"},
    {R"({"result":2,)", "r open"},
    {R"({"message":{"a":[)", "m open"},
    // No object
    {"[DONE]", "malformed"},
    {"\"result\"", "malformed"},
    {"2", "malformed"},
    {"null", "malformed"},
    {"hello", "malformed"},
    {R"([{"result":2}])", "malformed"},
    {R"({"result":2}x)", "malformed"},
    {R"({"result":2}{"result":2})", "malformed"},
    {R"({result:2})", "malformed"},
    {R"({'result':2})", "malformed"},
    {R"({"result" 2})", "malformed"},
    {R"({"result":})", "malformed"},
    {R"({"result":2,})", "malformed"},
    {R"({"result":2]})", "malformed"},
    {R"({"result":2 3})", "malformed"},
    {R"({"result"::2})", "malformed"},
    {R"({,"result":2})", "malformed"},
    {R"({"r\xesult":2})", "malformed"},
    {R"({"r\u00zzsult":2})", "malformed"},
    {"{\"re\tsult\":2}", "malformed"},
};

struct error_case {
    std::string_view text;
    unsigned status;
    std::string_view state; ///< of the key
};

constexpr error_case wrapped[] = {
    {R"({"error":{"status":"RESOURCE_EXHAUSTED","message":"m"}})", 429, ""},
    {R"({"error":{"message":"m","details":{"a":[1,{"status":"X"}]},"status":"UNAVAILABLE"}})", 503, ""},
    {R"({"error":{"message":"m"}})", 500, ""},
    {R"({"error":"UNAVAILABLE"})", 500, ""},
    {R"({"error":{"status":503}})", 500, ""},
    {R"({"error":{"status":"unavailable"}})", 500, ""},
    {R"({"error":{"status":"OK"}})", 500, ""},
    {R"({"error":{"status":"UNAVAILABLE_AND_MORE_THAN_THAT"}})", 500, ""},
    {R"({"error":{"status":"UNAVAILABLE","status":"NOT_FOUND"}})", 404, ""},
    {R"({"error":{"\u0073tatus":"UNAV\u0041ILABLE"}})", 503, ""},
    {R"({"status":"UNAVAILABLE","error":{}})", 500, ""},
    {R"({"error":{"x":{"status":"UNAVAILABLE"}}})", 500, ""},
    {R"({"error":[{"status":"UNAVAILABLE"}]})", 500, ""},
    {R"({"error":{"status":"UNAUTHENTICATED","details":{"x-byot-key-state":"rejected"}}})", 401, "rejected"},
    {R"({"error":{"details":{"a":{},"x-byot-key-state":"exhausted"},"status":"RESOURCE_EXHAUSTED"}})", 429,
     "exhausted"},
    {R"({"error":{"details":[1,[],{"a":1},{"x-byot-key-state":"rejected"},"x"]}})", 500, "rejected"},
    {R"({"error":{"details":{"x-byot-key-state":"verified"}}})", 500, ""},
    {R"({"error":{"details":{"x-byot-key-state":1}}})", 500, ""},
    {R"({"error":{"details":{"x":{"x-byot-key-state":"rejected"}}}})", 500, ""},
    {R"({"error":{"details":[[{"x-byot-key-state":"rejected"}]]}})", 500, ""},
    {R"({"error":{"details":"x-byot-key-state: rejected"}})", 500, ""},
    {R"({"error":{"x-byot-key-state":"rejected"}})", 500, ""},
    {R"({"x-byot-key-state":"rejected","error":{}})", 500, ""},
    {R"({"error":{"details":{"x-byot-key-state":"rejected"}},"error":{}})", 500, ""},
};

constexpr error_case bare[] = {
    {R"({"status":"PERMISSION_DENIED","message":"m"})", 403, ""},
    {R"({"message":"m","status":"DEADLINE_EXCEEDED","details":[{"x-byot-key-state":"rejected"}]})", 504,
     "rejected"},
    {R"({"error":{"status":"CANCELLED","details":{"x-byot-key-state":"exhausted"}}})", 499, "exhausted"},
    {R"({"error":{"details":[{"x-byot-key-state":"exhausted"}]}})", 500, "exhausted"},
    {"{}", 500, ""},
};

void check_error(const error_case& each, event_json::kind kind) {
    for (const std::size_t step : {std::size_t(1), std::size_t(3), each.text.size()}) {
        BOOST_TEST_CONTEXT(each.text << " by " << step) {
            event_json json;
            json.begin(kind);
            for (auto rest = each.text; !rest.empty(); rest.remove_prefix(std::min(step, rest.size()))) {
                json.feed(rest.substr(0, step));
            }
            BOOST_TEST(json.is_whole());
            BOOST_TEST(json.error_status() == each.status);
            const auto state = json.key_state();
            BOOST_TEST((state ? vault::name_of(*state) : "") == each.state);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_json_sees)

BOOST_AUTO_TEST_CASE(the_members_at_the_top_alone) {
    for (const auto& [text, seen] : members) {
        for (std::size_t step = 1; step <= text.size() + 1; ++step) {
            BOOST_TEST_CONTEXT(text << " by " << step) {
                BOOST_TEST(seen_of(text, step, event_json::kind::wrapped) == seen);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(what_an_error_says_of_its_status_and_the_key) {
    for (const auto& each : wrapped) check_error(each, event_json::kind::wrapped);
    for (const auto& each : bare) check_error(each, event_json::kind::bare_error);
}

BOOST_AUTO_TEST_CASE(a_value_however_deep_or_large_without_keeping_it) {
    constexpr std::size_t many = 1'000'000;
    const auto deep = R"({"message":)" + std::string(many, '[') + std::string(many, ']') + R"(,"result":1})";
    BOOST_TEST(seen_of(deep, 4096, event_json::kind::wrapped) == "mr whole");
    const auto large = R"({"message":")" + std::string(2 * many, '\\') + R"("})";
    BOOST_TEST(seen_of(large, 4099, event_json::kind::wrapped) == "m whole");
}

BOOST_AUTO_TEST_CASE(a_line_break_between_values_but_none_in_a_string) {
    const auto seen = [](std::string_view first, std::string_view second) {
        event_json json;
        json.begin(event_json::kind::wrapped);
        json.feed(first);
        json.break_line();
        json.feed(second);
        return json.is_whole();
    };
    BOOST_TEST(seen("{", R"("result":2})"));
    BOOST_TEST(seen(R"({"result":)", "2}"));
    BOOST_TEST(seen(R"({"result":2)", "}"));
    BOOST_TEST(!seen(R"({"result":2)", "5}"));
    BOOST_TEST(!seen(R"({"res)", R"(ult":2})"));
    BOOST_TEST(!seen(R"({"result":"a)", R"(b"})"));
}

BOOST_AUTO_TEST_SUITE_END()
