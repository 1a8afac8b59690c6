#include "http/request_head.hpp"

#include "http/hostile_text.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

namespace byot::http {
namespace {

using namespace std::literals;
using test::legible;
using test::request_of;

enum class outcome { whole, incomplete, malformed, too_large };

std::ostream& operator<<(std::ostream& out, outcome what) {
    return out << std::array{"whole", "incomplete", "malformed", "too large"}[static_cast<std::size_t>(what)];
}

outcome outcome_of(std::string_view bytes) {
    const auto scanned = scan_request_head(bytes);
    if (scanned.has_error()) {
        return scanned.error().why() == reason::headers_too_large ? outcome::too_large : outcome::malformed;
    }
    return scanned.value() ? outcome::whole : outcome::incomplete;
}

request_head head_of(std::string_view bytes) {
    const auto scanned = scan_request_head(bytes);
    BOOST_REQUIRE(scanned.has_value());
    BOOST_REQUIRE(scanned.value().has_value());
    return *scanned.value();
}

const std::string plain = "POST /api/ai/echo?a=b HTTP/1.1\r\n"
                          "Host: byot.example\r\n"
                          "authorization: Bearer x.y.z\r\n"
                          "Content-Length:5\r\n"
                          "X-Other: \t many words\t \r\n"
                          "Accept:\r\n"
                          "\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(request_head_rules)

BOOST_AUTO_TEST_CASE(a_plain_head_is_read_as_it_was_written) {
    const auto bytes = plain + "hello";
    const auto head = head_of(bytes);
    BOOST_TEST(head.method() == "POST");
    BOOST_TEST(head.target() == "/api/ai/echo?a=b");
    BOOST_TEST(head.minor_version() == 1u);
    BOOST_TEST(head.size() == plain.size());
    BOOST_TEST(head.value(field::host) == "byot.example");
    BOOST_TEST(head.value(field::authorization) == "Bearer x.y.z");
    BOOST_TEST(head.value(field::content_length) == "5");
    BOOST_TEST(head.has(field::accept));
    BOOST_TEST(head.value(field::accept).empty());
    BOOST_TEST(!head.has(field::origin));
    BOOST_TEST(head.value(field::origin).empty());
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_good_head_waits_for_more) {
    for (const auto& bytes : {plain, "\r\n" + plain}) {
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            BOOST_TEST(outcome_of(std::string_view(bytes).substr(0, length)) == outcome::incomplete);
        }
        BOOST_TEST(outcome_of(bytes) == outcome::whole);
    }
}

BOOST_AUTO_TEST_CASE(both_minor_versions_are_told_apart) {
    BOOST_TEST(head_of(request_of("GET / HTTP/1.0")).minor_version() == 0u);
    BOOST_TEST(head_of(request_of("GET / HTTP/1.1")).minor_version() == 1u);
}

BOOST_AUTO_TEST_CASE(a_later_minor_version_is_read_as_the_highest_spoken_here) {
    BOOST_TEST(head_of(request_of("GET / HTTP/1.2")).minor_version() == 1u);
    BOOST_TEST(head_of(request_of("GET / HTTP/1.9")).minor_version() == 1u);
}

BOOST_AUTO_TEST_CASE(one_empty_line_before_the_request_is_passed_over_and_no_second) {
    const auto bytes = "\r\n" + plain;
    BOOST_TEST(head_of(bytes).size() == bytes.size());
    BOOST_TEST(head_of(bytes).method() == "POST");
    BOOST_TEST(outcome_of("\r\n\r\n" + plain) == outcome::malformed);
    BOOST_TEST(outcome_of("\n" + plain) == outcome::malformed);
    BOOST_TEST(outcome_of("\r" + plain) == outcome::malformed);
}

BOOST_AUTO_TEST_CASE(a_request_line_of_any_other_form_is_refused) {
    for (const auto& line : {"GET /"s,
                             "GET / "s,
                             "GET  / HTTP/1.1"s,
                             "GET /  HTTP/1.1"s,
                             "GET\t/\tHTTP/1.1"s,
                             " GET / HTTP/1.1"s,
                             "GET / HTTP/1.1 "s,
                             "GET / HTTP/1.1\t"s,
                             "GET /a b HTTP/1.1"s,
                             "GET HTTP/1.1"s,
                             "GET  HTTP/1.1"s,
                             " / HTTP/1.1"s,
                             "G=\":<>(e),[T];?\" / HTTP/1.1"s,
                             "G\xc3\x89T / HTTP/1.1"s,
                             "GE\0T / HTTP/1.1"s,
                             "GET: / HTTP/1.1"s,
                             "GET / http/1.1"s,
                             "GET / Http/1.1"s,
                             "GET / HTTP/1.10"s,
                             "GET / HTTP/1.32"s,
                             "GET / HTTP/01.1"s,
                             "GET / HTTP/1.01"s,
                             "GET / HTTP/1."s,
                             "GET / HTTP/1"s,
                             "GET / HTTP/.1"s,
                             "GET / HTTP/2.0"s,
                             "GET / HTTP/9.9"s,
                             "GET / HTTP/0.9"s,
                             "GET / HTTP/-1.1"s,
                             "GET / HTTP /1.1"s,
                             "GET / HTTP/ 1.1"s,
                             "GET / HTTP/1 .1"s,
                             "GET / HTTP/\r\r1.1"s,
                             "GET / HTTPS/1.1"s,
                             "GET / ICY/1.1"s,
                             "GET /\0x HTTP/1.1"s,
                             "GET /caf\xc3\xa9 HTTP/1.1"s,
                             "GET /\x7f HTTP/1.1"s,
                             "GET /\x01 HTTP/1.1"s,
                             "GET /\x80 HTTP/1.1"s,
                             "PRI * HTTP/2.0"s,
                             "GET / HTTP/1.1\r"s,
                             ""s,
                             "   "s}) {
        BOOST_TEST_CONTEXT(legible(line)) {
            const bool is_empty_line = line.empty(); // "\r\nHost: …" is no request line either
            BOOST_TEST(outcome_of(request_of(line)) == outcome::malformed);
            BOOST_TEST((is_empty_line || outcome_of(line + "\r\n") == outcome::malformed));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_become_a_request_is_refused_at_its_first_bytes) {
    BOOST_TEST(outcome_of("\x16\x03\x01"s) == outcome::malformed); // a TLS ClientHello
    BOOST_TEST(outcome_of("\0"s) == outcome::malformed);
    BOOST_TEST(outcome_of(" "s) == outcome::malformed);
    BOOST_TEST(outcome_of("\n"s) == outcome::malformed);
    BOOST_TEST(outcome_of("GET  "s) == outcome::malformed);
    BOOST_TEST(outcome_of("GET / HTTP/2"s) == outcome::malformed);
    BOOST_TEST(outcome_of("GET / HTTP/1.1\r\n "s) == outcome::malformed);
    BOOST_TEST(outcome_of("PRI * HTTP/2.0\r\n"s) == outcome::malformed);
}

BOOST_AUTO_TEST_CASE(a_field_line_of_any_other_form_is_refused) {
    for (const auto& line : {"NoColon\r\n"s,
                             ": value\r\n"s,
                             "Name : value\r\n"s,
                             "Name\t: value\r\n"s,
                             " Name: value\r\n"s,
                             "\tName: value\r\n"s,
                             "Na me: value\r\n"s,
                             "Na\"me: value\r\n"s,
                             "Na(me): value\r\n"s,
                             "N\xc3\xa4me: value\r\n"s,
                             "Na\0me: value\r\n"s,
                             "Name: a\r\n b\r\n"s,
                             "Name: a\r\n\tb\r\n"s,
                             "Name: a\r\n \r\n"s,
                             "Name:\r\n b\r\n"s,
                             "Name: a\rb\r\n"s,
                             "Name: a\nb\r\n"s,
                             "Name: a\n"s,
                             "Name: a\r"s,
                             "Name: a\r\r\n"s,
                             "Name: a\0b\r\n"s,
                             "Name: a\x0b\r\n"s,
                             "Name: a\x7f\r\n"s,
                             "Name: \x1b[0m\r\n"s,
                             "Na\nme: b\r\n"s,
                             "Na\rme: b\r\n"s,
                             "a:b\r\nc\0\r\n"s,
                             "\n"s,
                             "\r"s,
                             "Name: value\n\r\n"s,
                             "Name: value\r\n\n"s,
                             "Transfer-Encoding : chunked\r\n"s,
                             "Transfer Encoding: chunked\r\n"s,
                             "Transfer-Encoding\0: chunked\r\n"s,
                             "Content-Length\x0b: 5\r\n"s,
                             "X: X\rTransfer-Encoding: chunked\r\n"s}) {
        BOOST_TEST_CONTEXT(legible(line)) {
            BOOST_TEST(outcome_of(request_of("GET / HTTP/1.1", line)) == outcome::malformed);
            BOOST_TEST(outcome_of("GET / HTTP/1.1\r\n" + line + "Host: a\r\n\r\n") == outcome::malformed);
        }
    }
}

BOOST_AUTO_TEST_CASE(each_byte_is_allowed_where_the_grammar_has_it_and_nowhere_else) {
    const auto tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"s;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto c = static_cast<char>(byte);
        const bool is_token = tokens.find(c) != std::string::npos;
        const bool is_visible = byte > 0x20 && byte < 0x7f;
        const bool is_text = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
        const auto whole_if = [](bool allowed) { return allowed ? outcome::whole : outcome::malformed; };
        BOOST_TEST_CONTEXT("byte " << byte) {
            BOOST_TEST(outcome_of(request_of("G"s + c + "T / HTTP/1.1")) ==
                       whole_if(is_token)); // a space ends the method, and then "T" is no version
            BOOST_TEST(outcome_of(request_of("GET /a"s + c + "b HTTP/1.1")) == whole_if(is_visible));
            BOOST_TEST(outcome_of(request_of("GET / HTTP/1.1", "Na"s + c + "me: x\r\n")) ==
                       whole_if(is_token || c == ':'));
            // Far into a long value, where sixteen are looked at together, and at its end.
            BOOST_TEST(outcome_of(request_of("GET / HTTP/1.1", "A: " + std::string(37, 'v') + c +
                                                                   std::string(40, 'v') + "\r\n")) ==
                       whole_if(is_text));
            BOOST_TEST(outcome_of(request_of("GET / HTTP/1.1", "A: v"s + c + "\r\n")) == whole_if(is_text));
        }
    }
}

BOOST_AUTO_TEST_CASE(only_spaces_and_tabs_are_taken_off_a_value) {
    const auto bytes = request_of("GET / HTTP/1.1", "Origin: \t\xc2\x85null\xc2\xa0 \t\r\n");
    BOOST_TEST(head_of(bytes).value(field::origin) == "\xc2\x85null\xc2\xa0");
    const auto blank = request_of("GET / HTTP/1.1", "Origin: \t \r\n");
    BOOST_TEST(head_of(blank).value(field::origin).empty());
}

BOOST_AUTO_TEST_CASE(a_repeated_field_keeps_its_first_value_and_is_marked) {
    const auto bytes = request_of("GET / HTTP/1.1", "X-Byot-Provider: one\r\nx-byot-provider: two\r\n");
    const auto head = head_of(bytes);
    BOOST_TEST(head.value(field::x_byot_provider) == "one");
    BOOST_TEST(head.is_repeated(field::x_byot_provider));
    BOOST_TEST(!head.is_repeated(field::host));
    // An empty first value is a value.
    const auto empty_first = request_of("GET / HTTP/1.1", "Origin:\r\nOrigin: b\r\n");
    BOOST_TEST(head_of(empty_first).value(field::origin).empty());
    BOOST_TEST(head_of(empty_first).is_repeated(field::origin));
}

BOOST_AUTO_TEST_CASE(a_target_of_eight_thousand_bytes_passes) {
    const auto bytes = request_of("GET /" + std::string(8000, 'a') + " HTTP/1.1");
    BOOST_TEST(head_of(bytes).target().size() == 8001u);
}

BOOST_AUTO_TEST_CASE(a_head_of_the_largest_size_passes_and_one_byte_more_does_not) {
    const auto empty = request_of("GET / HTTP/1.1", "A: \r\n").size();
    const auto of_size = [empty](std::size_t size) {
        return request_of("GET / HTTP/1.1", "A: " + std::string(size - empty, 'v') + "\r\n");
    };
    BOOST_TEST(outcome_of(of_size(max_head_size)) == outcome::whole);
    BOOST_TEST(head_of(of_size(max_head_size)).size() == max_head_size);
    BOOST_TEST(outcome_of(of_size(max_head_size + 1)) == outcome::too_large);
    BOOST_TEST(outcome_of(of_size(max_head_size + 1).substr(0, max_head_size - 1)) == outcome::incomplete);
    BOOST_TEST(outcome_of(std::string(max_head_size, 'G')) == outcome::too_large);
}

BOOST_AUTO_TEST_CASE(a_value_at_the_very_end_of_the_largest_head_is_read_right) {
    std::string bytes = "GET / HTTP/1.1\r\nA: ";
    const auto last = "\r\nHost: byot.example\r\n\r\n"s;
    bytes += std::string(max_head_size - bytes.size() - last.size(), 'v') + last;
    BOOST_TEST(head_of(bytes).value(field::host) == "byot.example");
}

BOOST_AUTO_TEST_CASE(a_hundred_fields_pass_and_one_more_is_too_large) {
    const auto with_fields = [](std::size_t count) {
        std::string lines;
        for (std::size_t i = 1; i < count; ++i) lines += "X: v\r\n"; // and Host
        return request_of("GET / HTTP/1.1", lines);
    };
    BOOST_TEST(outcome_of(with_fields(max_head_fields)) == outcome::whole);
    BOOST_TEST(outcome_of(with_fields(max_head_fields + 1)) == outcome::too_large);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http

namespace byot::http {

BOOST_AUTO_TEST_SUITE(field_names)

BOOST_AUTO_TEST_CASE(known_fields_are_found_in_any_case_and_look_alikes_are_not) {
    BOOST_TEST((find_field("transfer-encoding") == field::transfer_encoding));
    BOOST_TEST((find_field("TRANSFER-ENCODING") == field::transfer_encoding));
    BOOST_TEST((find_field("X-Genkit-Stream-Id") == field::x_genkit_stream_id));
    BOOST_TEST((find_field("Access-Control-Request-Headers") == field::access_control_request_headers));
    for (const auto name : {"", "transfer_encoding", "Content_Length", "content-lengt", "content-length-",
                            "host\r", "hos", "Transfer\rEncoding", "x-byot-api-key", "x-byot-uid"}) {
        BOOST_TEST((find_field(name) == field::unknown), name);
    }
    BOOST_TEST((find_field(std::string(1000, 'h')) == field::unknown));
}

BOOST_AUTO_TEST_CASE(every_field_of_the_enumeration_can_be_found_by_its_own_name) {
    // Spelled from the protocol, not from the table: a swapped row would be seen.
    const std::array<std::pair<field, std::string_view>, field_count> all = {{
        {field::accept, "Accept"},
        {field::accept_language, "Accept-Language"},
        {field::access_control_request_headers, "Access-Control-Request-Headers"},
        {field::access_control_request_method, "Access-Control-Request-Method"},
        {field::authorization, "Authorization"},
        {field::baggage, "Baggage"},
        {field::connection, "Connection"},
        {field::content_encoding, "Content-Encoding"},
        {field::content_length, "Content-Length"},
        {field::content_type, "Content-Type"},
        {field::expect, "Expect"},
        {field::host, "Host"},
        {field::origin, "Origin"},
        {field::traceparent, "Traceparent"},
        {field::tracestate, "Tracestate"},
        {field::transfer_encoding, "Transfer-Encoding"},
        {field::x_byot_provider, "X-Byot-Provider"},
        {field::x_cloud_trace_context, "X-Cloud-Trace-Context"},
        {field::x_firebase_appcheck, "X-Firebase-AppCheck"},
        {field::x_forwarded_authorization, "X-Forwarded-Authorization"},
        {field::x_forwarded_for, "X-Forwarded-For"},
        {field::x_genkit_stream_id, "X-Genkit-Stream-Id"},
    }};
    for (const auto& [which, name] : all) BOOST_TEST((find_field(name) == which), name);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http

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
