#include "http/response_head.hpp"

#include "http/hostile_text.hpp"
#include "http/request_head.hpp"

#include <boost/test/unit_test.hpp>

namespace byot::http {
namespace {

using namespace std::literals;
using test::legible;

enum class outcome { whole, incomplete, refused };

std::ostream& operator<<(std::ostream& out, outcome what) {
    return out << std::array{"whole", "incomplete", "refused"}[static_cast<std::size_t>(what)];
}

outcome outcome_of(std::string_view bytes) {
    const auto scanned = scan_response_head(bytes);
    if (scanned.has_error()) {
        BOOST_TEST((scanned.error().why() == reason::upstream_invalid));
        return outcome::refused;
    }
    return scanned.value() ? outcome::whole : outcome::incomplete;
}

std::string response_of(std::string_view status_line, std::string_view fields = "") {
    return fmt::format("{}\r\n{}\r\n", status_line, fields);
}

// The views of what is returned are into `bytes`.
response_head head_of(std::string_view bytes) {
    const auto scanned = scan_response_head(bytes);
    BOOST_REQUIRE_MESSAGE(scanned.has_value() && scanned.value(), legible(bytes));
    return *scanned.value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_head_rules)

BOOST_AUTO_TEST_CASE(a_plain_head_is_read_as_it_was_written) {
    const auto head_bytes =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
        "content-encoding:gzip\r\nX-Genkit-Trace-Id: \t a b \r\nContent-Length: 5\r\n\r\n"s;
    const auto bytes = head_bytes + "hello";
    const auto head = head_of(bytes);
    BOOST_TEST(head.status == 200u);
    BOOST_TEST(head.minor_version == 1u);
    BOOST_TEST(head.content_type == "application/json; charset=utf-8");
    BOOST_TEST(head.is_coded);
    BOOST_TEST(head.size == head_bytes.size());
    BOOST_TEST(head.body.length().value() == 5u);
    BOOST_TEST(head.keeps_alive);
    BOOST_TEST(head.fields.starts_with("Content-Type"));
    BOOST_TEST(head.fields.ends_with("Content-Length: 5\r\n"));
}

BOOST_AUTO_TEST_CASE(each_field_line_is_visited_in_order_with_blanks_taken_off) {
    const auto bytes = response_of("HTTP/1.1 200 OK", "A: 1\r\nb:\r\nA:\t2 3 \r\n");
    std::string seen;
    for_each_field(head_of(bytes).fields, [&](std::string_view name, std::string_view value) {
        seen += fmt::format("{}={};", name, value);
    });
    BOOST_TEST(seen == "A=1;b=;A=2 3;");
    for_each_field("", [](std::string_view, std::string_view) { BOOST_TEST(false); });
    BOOST_TEST(head_of(response_of("HTTP/1.1 200 OK")).fields.empty());
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_good_head_waits_for_more) {
    const auto bytes = response_of("HTTP/1.1 200 OK", "Content-Length: 5\r\nA: b\r\n");
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        BOOST_TEST(outcome_of(bytes.substr(0, length)) == outcome::incomplete);
    }
    BOOST_TEST(outcome_of(bytes) == outcome::whole);
}

BOOST_AUTO_TEST_CASE(a_status_line_of_any_other_form_is_refused) {
    for (const auto& line : {"HTTP/2 200"s,
                             "HTTP/1.20 200 OK"s,
                             "HTTP/1.10 200 OK"s,
                             "HTTP/0.9 200 OK"s,
                             "http/1.1 200 OK"s,
                             "ICY 200 OK"s,
                             " HTTP/1.1 200 OK"s,
                             "HTTP/1.1  200 OK"s,
                             "HTTP/1.1\t200 OK"s,
                             "HTTP/1.1 20 OK"s,
                             "HTTP/1.1 2000 OK"s,
                             "HTTP/1.1 099 OK"s,
                             "HTTP/1.1 600 OK"s,
                             "HTTP/1.1 000 OK"s,
                             "HTTP/1.1 2x0 OK"s,
                             "HTTP/1.1 -20 OK"s,
                             "HTTP/1.1 200\tOK"s,
                             "HTTP/1.1 200 O\0K"s,
                             "HTTP/1.1 200 O\rK"s,
                             "HTTP/1.1 200 O\nK"s,
                             "HTTP/1.1"s,
                             "HTTP/1.1 "s,
                             "HTTP/1.1 OK"s,
                             "\r\nHTTP/1.1 200 OK"s,
                             "<html>"s,
                             ""s}) {
        BOOST_TEST(outcome_of(response_of(line, "Content-Length: 0\r\n")) == outcome::refused, legible(line));
    }
    for (const auto& line : {"HTTP/1.1 200 "s, "HTTP/1.1 200"s, "HTTP/1.1 200 Ganz \xfc gut\t!"s,
                             "HTTP/1.0 599 x"s, "HTTP/1.1 100 "s}) {
        BOOST_TEST(outcome_of(response_of(line)) == outcome::whole, legible(line));
    }
}

BOOST_AUTO_TEST_CASE(a_field_line_of_any_other_form_is_refused) {
    for (const auto& line : {"NoColon\r\n"s, ": a\r\n"s, "A : b\r\n"s, " A: b\r\n"s, "A: b\r\n c\r\n"s,
                             "A: b\nC: d\r\n"s, "A: b\rC: d\r\n"s, "A: \0\r\n"s, "A: \x1f\r\n"s,
                             "A: \x7f\r\n"s, "A\xff: b\r\n"s, "Content-Length : 5\r\n"s, "\n"s}) {
        BOOST_TEST(outcome_of(response_of("HTTP/1.1 200 OK", line)) == outcome::refused, legible(line));
    }
}

BOOST_AUTO_TEST_CASE(a_framing_that_could_be_read_in_two_ways_is_refused) {
    for (const auto fields :
         {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
          "Content-Length: 5, 5\r\n", "Content-Length: -1\r\n", "Content-Length:\r\n",
          "Content-Length: 5x\r\n", "Content-Length: 99999999999999999999\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding:\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked, chunked\r\n"}) {
        BOOST_TEST(outcome_of(response_of("HTTP/1.1 200 OK", fields)) == outcome::refused, legible(fields));
        BOOST_TEST(outcome_of(response_of("HTTP/1.1 304 x", fields)) == outcome::refused, legible(fields));
    }
    const auto old = response_of("HTTP/1.0 200 OK", "Transfer-Encoding: chunked\r\n");
    BOOST_TEST(outcome_of(old) == outcome::refused);
}

BOOST_AUTO_TEST_CASE(the_body_follows_from_the_fields) {
    const auto body_of = [](std::string_view fields) {
        return head_of(response_of("HTTP/1.1 200 OK", fields)).body;
    };
    BOOST_TEST(body_of("Transfer-Encoding: Chunked\r\n").is_chunked());
    BOOST_TEST(body_of("content-length: 05 \r\n").length().value() == 5u);
    BOOST_TEST(body_of("Content-Length: 0\r\n").is_finished());
    BOOST_TEST(body_of("").is_until_close());
    BOOST_TEST(body_of("Transfer_Encoding: chunked\r\n").is_until_close());
}

BOOST_AUTO_TEST_CASE(a_status_without_content_has_no_body_whatever_the_fields_say) {
    for (const auto line : {"HTTP/1.1 204 x", "HTTP/1.1 304 x"}) {
        for (const auto fields : {"", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"}) {
            const auto bytes = response_of(line, fields);
            BOOST_TEST(head_of(bytes).body.is_finished(), legible(bytes));
        }
    }
    BOOST_TEST(head_of(response_of("HTTP/1.1 304 x", "Content-Length: 5\r\n")).keeps_alive);
    BOOST_TEST(head_of(response_of("HTTP/1.1 204 x", "Content-Length: 0\r\n")).keeps_alive);
    BOOST_TEST(!head_of(response_of("HTTP/1.1 204 x", "Content-Length: 5\r\n")).keeps_alive);
    BOOST_TEST(!head_of(response_of("HTTP/1.1 204 x", "Transfer-Encoding: chunked\r\n")).keeps_alive);
}

BOOST_AUTO_TEST_CASE(interim_responses_pass_without_a_body_and_switching_protocols_does_not) {
    for (const auto line : {"HTTP/1.1 100 Continue", "HTTP/1.1 102 x", "HTTP/1.1 103 Early Hints"}) {
        BOOST_TEST(head_of(response_of(line)).body.is_finished());
        BOOST_TEST(head_of(response_of(line, "Content-Length: 0\r\n")).keeps_alive);
        BOOST_TEST(outcome_of(response_of(line, "Content-Length: 5\r\n")) == outcome::refused);
        BOOST_TEST(outcome_of(response_of(line, "Transfer-Encoding: chunked\r\n")) == outcome::refused);
    }
    BOOST_TEST(outcome_of(response_of("HTTP/1.1 101 x", "Upgrade: h2c\r\n")) == outcome::refused);
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_only_when_the_end_of_the_body_is_known) {
    const auto keeps = [](std::string_view line, std::string_view fields) {
        return head_of(response_of(line, fields)).keeps_alive;
    };
    BOOST_TEST(keeps("HTTP/1.1 200 OK", "Content-Length: 5\r\n"));
    BOOST_TEST(keeps("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n"));
    BOOST_TEST(keeps("HTTP/1.1 200 OK", "Content-Length: 5\r\nConnection: closed\r\n"));
    BOOST_TEST(!keeps("HTTP/1.1 200 OK", ""));
    BOOST_TEST(!keeps("HTTP/1.1 200 OK", "Connection: keep-alive\r\n"));
    BOOST_TEST(!keeps("HTTP/1.1 200 OK", "Content-Length: 5\r\nConnection: CLOSE\r\n"));
    BOOST_TEST(!keeps("HTTP/1.1 200 OK", "Content-Length: 5\r\nConnection: a\r\nConnection: b, close\r\n"));
    BOOST_TEST(!keeps("HTTP/1.0 200 OK", "Content-Length: 5\r\n"));
    BOOST_TEST(!keeps("HTTP/1.0 200 OK", "Content-Length: 5\r\nConnection: keep-alive\r\n"));
}

BOOST_AUTO_TEST_CASE(size_and_number_of_fields_are_bounded) {
    const auto empty = response_of("HTTP/1.1 200 OK", "A: \r\n").size();
    const auto of_size = [empty](std::size_t size) {
        return response_of("HTTP/1.1 200 OK", "A: " + std::string(size - empty, 'v') + "\r\n");
    };
    BOOST_TEST(outcome_of(of_size(max_head_size)) == outcome::whole);
    BOOST_TEST(outcome_of(of_size(max_head_size + 1)) == outcome::refused);
    const auto with_fields = [](std::size_t count) {
        std::string lines;
        for (std::size_t i = 0; i < count; ++i) lines += "X: v\r\n";
        return response_of("HTTP/1.1 200 OK", lines);
    };
    BOOST_TEST(outcome_of(with_fields(max_head_fields)) == outcome::whole);
    BOOST_TEST(outcome_of(with_fields(max_head_fields + 1)) == outcome::refused);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http
