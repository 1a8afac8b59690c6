#include "http/refused_head.hpp"

#include "http/hostile_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace byot::http {
namespace {

using namespace std::literals;
using test::legible;

constexpr std::string_view page = "https://app.example";

std::string origin_of_refused(std::string_view bytes) {
    refused_head head;
    head.advance(bytes);
    return std::string(head.origin());
}

/// As it comes in pieces of that size, used ones taken away.
std::string origin_in_pieces(std::string_view bytes, std::size_t size) {
    refused_head head;
    std::string held;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        held.append(bytes.substr(at, size));
        held.erase(0, head.advance(held));
    }
    return std::string(head.origin());
}

} // namespace

BOOST_AUTO_TEST_SUITE(origin_of_a_refused_head)

BOOST_AUTO_TEST_CASE(is_found_before_and_behind_the_fault_in_whole_lines) {
    for (const auto& bytes : {
             "GET / HTTP/1.1\r\nOrigin: https://app.example\r\n"s,
             "GET / HTTP/1.1\r\nOrigin: https://app.example\r\nHost"s,
             "GET / HTTP/1.1\r\norigin:https://app.example \t\r\nX: "s + std::string(40000, 'x'),
             "GET /a b HTTP/1.1\r\nHost: a\r\nORIGIN: https://app.example\r\n\r\n"s,
             "GET / HTTP/3.0\r\nOrigin: https://app.example\r\n\r\n"s,
             "\0\xff\r\nOrigin: https://app.example\r\n\r\n"s,
             "\r\n\r\nGET / HTTP/1.1\r\nOrigin: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nBad line\r\nOrigin: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nName : x\r\nOrigin: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nX: a\nb\r\nOrigin: https://app.example\r\n: y\r\n\r\n"s,
             "POST / HTTP/1.1\r\nOrigin: https://app.example\r\n\r\nOrigin: https://other.example\r\n"s,
             "GET / HTTP/1.1\r\nX: "s + std::string(40000, 'x') + "\r\nOrigin: https://app.example\r\n\r\n",
             "GET /"s + std::string(40000, 'x') + " HTTP/1.1\r\nOrigin: https://app.example\r\n\r\n",
         }) {
        for (const auto size : {1, 2, 7, 1000, 33000})
            BOOST_TEST(origin_in_pieces(bytes, static_cast<std::size_t>(size)) == page, size);
        BOOST_TEST(origin_of_refused(bytes) == page, legible(bytes.substr(0, 200)));
    }
}

BOOST_AUTO_TEST_CASE(is_nothing_where_the_lines_do_not_say_it_clearly) {
    for (const auto& bytes : {
             ""s,
             "\r\n"s,
             "Origin: https://app.example\r\n"s, // in the request line's place
             "GET / HTTP/1.1\r\nHost: a\r\n\r\n"s,
             "GET / HTTP/1.1\r\nOrigin: https://app.example"s,
             "GET / HTTP/1.1\r\nOrigin: https://app.example\r"s,
             "GET / HTTP/1.1\r\nOrigin: https://app.example\n"s,
             "GET / HTTP/1.1\r\nOrigin: https://app.example\r\nOrigin: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nOrigin: https://app.example\r\nX: y\r\norigin: b\r\n\r\n"s,
             "GET / HTTP/1.1\r\nOrigin: https://app.example\r\n .evil.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nX: y\r\n\tOrigin: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nOrigin: https://app.example\r\n "s + std::string(3000, 'x') + "\r\n\r\n",
             "GET / HTTP/1.1\r\nOrigin: https://app.example"s + std::string(3000, 'x') + "\r\n\r\n",
             "GET / HTTP/1.1\r\nX: y\nOrigin: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nX: y\rOrigin: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nOrigin : https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nOrigin\0: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nX-Origin: https://app.example\r\n\r\n"s,
             "GET / HTTP/1.1\r\nOrigin:\r\n\r\n"s,
             "GET / HTTP/1.1\r\n\r\nOrigin: https://app.example\r\n\r\n"s, // a body
         }) {
        BOOST_TEST(origin_of_refused(bytes) == "", legible(bytes));
        BOOST_TEST(origin_in_pieces(bytes, 1) == "", legible(bytes));
    }
    const auto with_nul = "GET / HTTP/1.1\r\nOrigin: https://app.example\0\r\n\r\n"s;
    BOOST_TEST(origin_of_refused(with_nul) == "");
}

BOOST_AUTO_TEST_CASE(holds_no_more_than_a_line_and_ends_with_the_head) {
    refused_head head;
    const auto line = std::string(40000, 'x');
    BOOST_TEST(head.advance(line) == line.size() - 1);
    BOOST_TEST(head.advance("x") == 0u);
    BOOST_TEST(head.advance("x\r") == 1u);
    BOOST_TEST(head.advance("\r\nA: b\r\nOri") == 8u);
    BOOST_TEST(!head.is_at_end());
    BOOST_TEST(head.advance("Origin: a\r\n\r\nbody") == 17u);
    BOOST_TEST(head.is_at_end());
    BOOST_TEST(head.origin() == "a");
    BOOST_TEST(head.advance("more") == 4u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http
