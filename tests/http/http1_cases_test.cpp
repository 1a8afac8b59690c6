#include "core/json.hpp"
#include "http/check_head.hpp"
#include "http/hostile_text.hpp"
#include "test_data.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include <charconv>
#include <fstream>
#include <iterator>
#include <set>

namespace byot::http {
namespace {

using namespace std::literals;

struct hostile_case {
    std::string id;
    std::string bytes;
    std::set<std::string> outcomes;
    std::vector<std::string> decisions;
    std::size_t most_answers = 0;
};

// The file spells each byte as one character; JSON gives those beyond ASCII as two bytes of UTF-8.
std::string bytes_of(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            bytes += text[i];
            continue;
        }
        BOOST_REQUIRE((lead & 0xfe) == 0xc2); // U+0080 to U+00FF
        const auto next = static_cast<unsigned char>(text[++i]);
        bytes += static_cast<char>((lead << 6) | (next & 0x3f));
    }
    return bytes;
}

std::string expand(std::string_view name) {
    if (name == "HOST") return "byot.example:8080";
    if (name == "PATH") return "/api/ai/echo";
    BOOST_REQUIRE(name.size() > 2 && name[1] == '*');
    std::size_t count = 0;
    std::from_chars(name.data() + 2, name.data() + name.size(), count);
    const auto unit = name.front() == 'C' ? "1\r\nz\r\n"s : std::string(1, name.front());
    std::string filled;
    for (std::size_t i = 0; i < count; ++i) filled += unit;
    return filled;
}

// A lone '@', as in user information, is no placeholder.
std::string fill(std::string_view text) {
    std::string filled;
    while (!text.empty()) {
        const auto second = text.front() == '@' ? text.find('@', 1) : std::string_view::npos;
        const auto name = text.substr(0, second).substr(second == std::string_view::npos ? 0 : 1);
        const bool is_placeholder = second != std::string_view::npos &&
                                    (name == "HOST" || name == "PATH" || (name.size() > 2 && name[1] == '*'));
        filled += is_placeholder ? expand(name) : std::string(1, text.front());
        text.remove_prefix(is_placeholder ? second + 1 : 1);
    }
    return filled;
}

std::vector<std::string> strings_of(const boost::json::value& list) {
    std::vector<std::string> strings;
    for (const auto& item : list.as_array()) strings.emplace_back(item.as_string());
    return strings;
}

std::vector<hostile_case> read_cases() {
    std::ifstream file(test_data("http/http1_cases.json"));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto document = parse_json_object(text);
    BOOST_REQUIRE(document.has_value());
    std::vector<hostile_case> cases;
    for (const auto& item : document->at("cases").as_array()) {
        const auto& fields = item.as_object();
        const auto outcomes = strings_of(fields.at("outcomes"));
        cases.push_back({std::string(*string_member(fields, "id")),
                         bytes_of(fill(*string_member(fields, "bytes"))),
                         {outcomes.begin(), outcomes.end()},
                         strings_of(fields.at("decisions")),
                         fields.at("most_answers").to_number<std::size_t>()});
    }
    return cases;
}

// What is decided about one message at the front of `rest`, which is moved behind it.
std::string decide(std::string_view& rest) {
    const auto scanned = scan_request_head(rest);
    if (scanned.has_error()) return "400";
    if (!scanned.value()) return "wait";
    auto checked = check_head(*scanned.value());
    if (checked.has_error()) return "400";
    rest.remove_prefix(scanned.value()->size());
    for (;;) {
        const auto step = checked->body.next(rest);
        rest.remove_prefix(step.used);
        if (step.what == framing_step::kind::malformed) return "400";
        if (step.what == framing_step::kind::need_more) return "wait";
        if (step.what == framing_step::kind::finished)
            return checked->keeps_alive ? "accept" : "accept+close";
    }
}

std::vector<std::string> decide_all(std::string_view rest) {
    std::vector<std::string> decisions;
    while (!rest.empty()) {
        decisions.push_back(decide(rest));
        if (decisions.back() != "accept") break;
    }
    return decisions;
}

bool is_allowed(const hostile_case& hostile, const std::vector<std::string>& decisions) {
    if (hostile.outcomes.contains(decisions.front())) return true;
    const bool ends = decisions.back() != "accept" && decisions.back() != "wait";
    return ends && hostile.outcomes.contains(decisions.front() + "+close");
}

} // namespace

BOOST_AUTO_TEST_SUITE(http1_cases)

BOOST_AUTO_TEST_CASE(each_hostile_request_is_decided_as_the_table_says_and_allows) {
    const auto cases = read_cases();
    BOOST_TEST(cases.size() == 101u);
    for (const auto& hostile : cases) {
        BOOST_TEST_CONTEXT(hostile.id << ": " << test::legible(hostile.bytes)) {
            const auto decisions = decide_all(hostile.bytes);
            BOOST_TEST(decisions == hostile.decisions, boost::test_tools::per_element());
            BOOST_TEST(is_allowed(hostile, decisions));
            BOOST_TEST(decisions.size() <= hostile.most_answers);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http
