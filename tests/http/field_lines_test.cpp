#include "http/field_lines.hpp"

#include "http/hostile_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace byot::http {
namespace {

using test::request_of;

struct scanned {
    explicit scanned(std::string_view lines) : bytes(request_of("GET / HTTP/1.1", lines)) {
        const auto found = scan_request_head(bytes);
        BOOST_REQUIRE(found.has_value() && found->has_value());
        head = **found;
    }
    std::string bytes;
    request_head head;
};

std::vector<std::string> lines_of(const request_head& head, field name) {
    std::vector<std::string> found;
    field_lines lines(head, name);
    for (auto line = lines.next(); line; line = lines.next()) found.emplace_back(*line);
    BOOST_TEST(!lines.next().has_value());
    return found;
}

std::vector<std::string> elements_of(std::string_view list) {
    std::vector<std::string> found;
    list_elements elements(list);
    for (auto each = elements.next(); each; each = elements.next()) found.emplace_back(*each);
    return found;
}

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(lines_of_a_field)

BOOST_AUTO_TEST_CASE(come_in_the_order_they_were_sent_without_white_space_around) {
    const struct {
        std::string_view lines;
        texts values;
        std::string_view joined;
    } rows[] = {
        {"", {}, ""},
        {"Accept:\r\n", {""}, ""},
        {"Accept: a\r\n", {"a"}, "a"},
        {"Accept:  a , b\t\r\n", {"a , b"}, "a , b"},
        {"Accept: a\r\nAccept: b\r\n", {"a", "b"}, "a, b"},
        {"ACCEPT: b\r\nX: y\r\naccept:\ta, c \r\n", {"b", "a, c"}, "b, a, c"},
        {"Accept:\r\nAccept:\r\n", {"", ""}, ", "},
        {"Accept: a\r\nAccept:\r\nAccept: b\r\n", {"a", "", "b"}, "a, , b"},
        {"Accept-Language: x\r\nAccept: a\r\nAccepts: y\r\nAccept: \"b,\"\r\n", {"a", "\"b,\""}, "a, \"b,\""},
    };
    for (const auto& [lines, values, joined] : rows) {
        BOOST_TEST_CONTEXT(lines) {
            const scanned request(lines);
            BOOST_TEST(lines_of(request.head, field::accept) == values, boost::test_tools::per_element());
            BOOST_TEST(joined_lines(request.head, field::accept) == joined);
            BOOST_TEST(joined_size(request.head, field::accept) == joined.size());
            BOOST_TEST(request.head.is_repeated(field::accept) == (values.size() > 1));
        }
    }
}

BOOST_AUTO_TEST_CASE(are_found_however_many_there_are_and_wherever_the_head_begins) {
    std::string lines;
    std::string expected;
    for (int i = 0; i < 100; ++i) {
        lines += "X-Forwarded-For: " + std::to_string(i) + "\r\n";
        expected += (i == 0 ? "" : ", ") + std::to_string(i);
    }
    BOOST_TEST(joined_lines(scanned(lines).head, field::x_forwarded_for) == expected);
    const auto behind_an_empty_line = "\r\n" + request_of("GET /a?b HTTP/1.1", lines);
    BOOST_TEST(joined_lines(**scan_request_head(behind_an_empty_line), field::x_forwarded_for) == expected);
}

BOOST_AUTO_TEST_CASE(end_with_the_head) {
    const auto bytes = request_of("POST / HTTP/1.1", "Accept: a\r\nAccept: b\r\n") + "Accept: body\r\n\r\n";
    BOOST_TEST(joined_lines(**scan_request_head(bytes), field::accept) == "a, b");
}

BOOST_AUTO_TEST_CASE(elements_of_a_list_are_what_stands_between_commas_and_is_not_empty) {
    BOOST_TEST(elements_of("").empty());
    BOOST_TEST(elements_of(" ,\t, ,").empty());
    BOOST_TEST(elements_of("a") == texts{"a"}, boost::test_tools::per_element());
    BOOST_TEST(elements_of(",a ,, b c,\td") == (texts{"a", "b c", "d"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(elements_are_counted_over_all_lines_without_case) {
    const scanned request("Content-Encoding: identity,\r\nContent-Encoding: IDENTITY, gzip\r\n");
    const auto count = count_elements(request.head, field::content_encoding, "identity");
    BOOST_TEST(count.all == 3u);
    BOOST_TEST(count.equal == 2u);
    BOOST_TEST(count_elements(request.head, field::accept, "identity").all == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http
