#include "http/body_framing.hpp"

#include "http/followed_body.hpp"

#include <boost/test/unit_test.hpp>

namespace byot::http {
namespace {

using namespace std::literals;
using kind = framing_step::kind;
using test::follow_chunked;
using test::legible;

} // namespace

BOOST_AUTO_TEST_SUITE(chunk_lines)

BOOST_AUTO_TEST_CASE(sizes_are_hexadecimal_in_either_case) {
    const auto bytes =
        "a\r\n0123456789\r\nB\r\n0123456789A\r\n1f\r\n" + std::string(31, 'x') + "\r\n0\r\n\r\n";
    BOOST_TEST(follow_chunked(bytes).content == "01234567890123456789A" + std::string(31, 'x'));
    BOOST_TEST(follow_chunked(bytes).whole_chunks == 3u);
}

BOOST_AUTO_TEST_CASE(a_size_line_of_any_other_form_is_malformed) {
    for (const auto& line : {""s,
                             " 5"s,
                             "\t5"s,
                             "5 "s,
                             "5\t"s,
                             "0x5"s,
                             "0X5"s,
                             "5h"s,
                             "+5"s,
                             "-1"s,
                             "-0"s,
                             "1_0"s,
                             "5."s,
                             "5,5"s,
                             "INVALID!!!"s,
                             "1these-bytes"s,
                             "5;"s,
                             "5; a"s,
                             "5 ;a"s,
                             "5;a "s,
                             "5;a ="s,
                             "5;a= b"s,
                             "5;a="s,
                             "5;=b"s,
                             "5;a=b;"s,
                             "5;;a"s,
                             "5;a=b c"s,
                             "5;a\0b"s,
                             "5;a\rX"s,
                             "5;a\nX"s,
                             "5;a=\"b"s,
                             "5;a=\"b\"c"s,
                             "5;a=\"\0\""s,
                             "5;a=\"\\"s,
                             "5;a=\"\\\0\""s,
                             "5;a=\x7f"s,
                             "5;a=\"\x7f\""s,
                             "5;\xff"s,
                             "5\r;a"s,
                             "5\r"s,
                             "5\n"s,
                             "\n5"s,
                             "\r5"s,
                             "5\xa0"s,
                             "5\0"s,
                             "\x05"s}) {
        BOOST_TEST((follow_chunked(line + "\r\nhello\r\n0\r\n\r\n").end == kind::malformed), legible(line));
    }
    BOOST_TEST((follow_chunked("5\nhello\r\n0\r\n\r\n").end == kind::malformed));
    BOOST_TEST((follow_chunked("5\rhello\r\n0\r\n\r\n").end == kind::malformed));
    BOOST_TEST((follow_chunked("2\r\r;a\r\n02\r\n41\r\n0\r\n\r\n").end == kind::malformed));
}

BOOST_AUTO_TEST_CASE(well_formed_extensions_are_passed_over) {
    for (const auto line : {"5;a", "5;a=b", "5;a=\"b\"", "5;a;b=c;d",
                            "5;a=\"b \\\" ;\t\\\\\xff\";c=!#$%&'*+-.^_`|~", "5;a=\"\""}) {
        const auto all = follow_chunked(line + "\r\nhello\r\n0\r\n\r\n"s);
        BOOST_TEST((all.end == kind::finished), line);
        BOOST_TEST(all.content == "hello", line);
    }
}

BOOST_AUTO_TEST_CASE(a_size_that_does_not_fit_or_has_too_many_digits_is_malformed) {
    const auto first_kind = [](std::string_view line) {
        return follow_chunked(std::string(line) + "\r\nhello").end;
    };
    BOOST_TEST((first_kind("ffffffffffffffff") == kind::need_more));
    BOOST_TEST((first_kind("10000000000000000") == kind::malformed));
    BOOST_TEST((first_kind("10000000000000005") == kind::malformed));
    BOOST_TEST((first_kind("fffffffffffffffff") == kind::malformed));
    BOOST_TEST((first_kind("0000000000000000ffffffffffffffff") == kind::need_more));
    BOOST_TEST((first_kind("000000000000000010000000000000005") == kind::malformed));
    BOOST_TEST((first_kind("000000000000000000000000000000005") == kind::malformed)); // 33 digits
    BOOST_TEST((follow_chunked(std::string(33, '0')).end == kind::malformed));
}

BOOST_AUTO_TEST_CASE(the_size_line_is_bounded) {
    const auto line_of = [](std::size_t size) { return "5;" + std::string(size - 4, 'a') + "\r\n"; };
    BOOST_TEST((follow_chunked(line_of(256) + "hello").end == kind::need_more));
    BOOST_TEST((follow_chunked(line_of(257) + "hello").end == kind::malformed));
    // The bound is each line's: many lines near it pass.
    std::string many;
    for (int i = 0; i < 10; ++i) many += line_of(256) + "hello\r\n";
    BOOST_TEST((follow_chunked(many + "0\r\n\r\n").end == kind::finished));
}

BOOST_AUTO_TEST_CASE(trailers_are_checked_and_dropped) {
    for (const auto trailers : {"X: y\r\n", "X:\r\n", "X:y\r\nZ: \xff\t\r\n", "X:POST /evil HTTP/1.1\r\n",
                                "Content-Length: 50\r\nTransfer-Encoding: chunked\r\nHost: "
                                "evil\r\nAuthorization: Bearer evil\r\n"}) {
        const auto bytes = "5\r\nhello\r\n0\r\n"s + trailers + "\r\n";
        const auto all = follow_chunked(bytes + "GET / HTTP/1.1\r\n");
        BOOST_TEST((all.end == kind::finished), trailers);
        BOOST_TEST(all.content == "hello", trailers);
        BOOST_TEST(all.used == bytes.size(), trailers);
    }
    for (const auto& trailers :
         {"X\r\n"s, ": y\r\n"s, "X : y\r\n"s, " X: y\r\n"s, "X: y\r\n z\r\n"s, "X: y\n"s, "X: \0\r\n"s,
          "X: y\rz\r\n"s, "X y: z\r\n"s, "GET / HTTP/1.1\r\n"s, "\n"s, "\r"s}) {
        const auto all = follow_chunked("0\r\n" + trailers + "\r\n");
        BOOST_TEST((all.end == kind::malformed), legible(trailers));
    }
}

BOOST_AUTO_TEST_CASE(trailers_are_bounded_all_together) {
    const auto trailers_of = [](std::size_t size) {
        std::string lines;
        while (lines.size() + 1000 < size) lines += "X: " + std::string(495, 'v') + "\r\n";
        return lines + "Y: " + std::string(size - lines.size() - 7, 'v') + "\r\n\r\n";
    };
    BOOST_TEST(trailers_of(8192).size() == 8192u);
    BOOST_TEST((follow_chunked("0\r\n" + trailers_of(8192)).end == kind::finished));
    BOOST_TEST((follow_chunked("0\r\n" + trailers_of(8193)).end == kind::malformed));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http
