#include "http/body_framing.hpp"

#include "http/followed_body.hpp"

#include <boost/test/unit_test.hpp>

namespace byot::http {
namespace {

using namespace std::literals;
using kind = framing_step::kind;
using test::follow;
using test::follow_chunked;
using test::legible;

} // namespace

BOOST_AUTO_TEST_SUITE(body_framing_rules)

BOOST_AUTO_TEST_CASE(no_body_is_finished_before_it_begins) {
    for (auto body : {body_framing::none(), body_framing::of_length(0)}) {
        BOOST_TEST(body.is_finished());
        BOOST_TEST(body.length().value() == 0u);
        const auto step = body.next("GET / HTTP/1.1\r\n");
        BOOST_TEST((step.what == kind::finished));
        BOOST_TEST(step.used == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_length_takes_as_many_bytes_and_leaves_the_next_message) {
    auto body = body_framing::of_length(5);
    BOOST_TEST(body.length().value() == 5u);
    BOOST_TEST((body.next("").what == kind::need_more));
    BOOST_TEST(body.next("he").content == "he");
    BOOST_TEST(!body.is_finished());
    const auto last = body.next("lloGET /");
    BOOST_TEST((last.what == kind::piece));
    BOOST_TEST(last.content == "llo");
    BOOST_TEST(last.used == 3u);
    BOOST_TEST(!last.is_whole_chunk);
    BOOST_TEST(body.is_finished());
    BOOST_TEST((body.next("GET /").what == kind::finished));
    BOOST_TEST(body.next("GET /").used == 0u);
    BOOST_TEST(body.content_seen() == 5u);
}

BOOST_AUTO_TEST_CASE(until_close_takes_everything_and_never_finishes) {
    auto body = body_framing::until_close();
    BOOST_TEST(body.is_until_close());
    BOOST_TEST(!body.length().has_value());
    BOOST_TEST(body.next("hello\r\n0\r\n\r\n").content == "hello\r\n0\r\n\r\n");
    BOOST_TEST((body.next("").what == kind::need_more));
    BOOST_TEST(!body.is_finished());
    BOOST_TEST(body.content_seen() == 12u);
}

BOOST_AUTO_TEST_CASE(whole_chunks_are_passed_on_with_their_framing) {
    auto body = body_framing::chunked();
    const auto bytes = "5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\nGET /"sv;
    const auto first = body.next(bytes);
    BOOST_TEST((first.what == kind::piece));
    BOOST_TEST(first.is_whole_chunk);
    BOOST_TEST(first.content == "hello");
    BOOST_TEST(first.used == 10u);
    const auto second = body.next(bytes.substr(10));
    BOOST_TEST(second.is_whole_chunk);
    BOOST_TEST(second.content == "0123456789");
    BOOST_TEST(second.used == 15u);
    const auto last = body.next(bytes.substr(25));
    BOOST_TEST((last.what == kind::finished));
    BOOST_TEST(last.is_whole_chunk);
    BOOST_TEST(last.used == 5u);
    BOOST_TEST(body.is_finished());
    BOOST_TEST(body.next("GET /").used == 0u);
    BOOST_TEST(!body.length().has_value());
}

BOOST_AUTO_TEST_CASE(a_part_of_a_chunk_is_given_at_once_and_goes_on_later) {
    auto body = body_framing::chunked();
    const auto first = body.next("5\r\nhe");
    BOOST_TEST(first.content == "he");
    BOOST_TEST(first.used == 5u);
    BOOST_TEST(!first.is_whole_chunk);
    const auto second = body.next("llo\r\n5\r\nworld\r\n");
    BOOST_TEST(second.content == "llo");
    BOOST_TEST(second.used == 3u);
    BOOST_TEST(!second.is_whole_chunk);
    const auto third = body.next("\r\n5\r\nworld\r\n0\r\n\r\n");
    BOOST_TEST(third.content == "world");
    BOOST_TEST(third.used == 10u);
    BOOST_TEST(!third.is_whole_chunk); // its bytes begin with the end of another
    const auto last = body.next("\r\n0\r\n\r\n");
    BOOST_TEST((last.what == kind::finished));
    BOOST_TEST(!last.is_whole_chunk);
    BOOST_TEST(last.used == 7u);
}

BOOST_AUTO_TEST_CASE(a_chunk_of_any_but_the_plainest_form_is_read_but_not_passed_on_whole) {
    for (const auto first : {"5;a=b\r\nhello\r\n", "5;a\r\nhello\r\n", "05\r\nhello\r\n",
                             "00000000000000000000000000000005\r\nhello\r\n"}) {
        const auto all = follow_chunked(first + "0\r\n\r\n"s);
        BOOST_TEST((all.end == kind::finished), first);
        BOOST_TEST(all.content == "hello", first);
        BOOST_TEST(all.whole_chunks == 0u, first);
    }
    for (const auto last : {"00\r\n\r\n", "0;a\r\n\r\n", "0\r\nX: y\r\n\r\n"}) {
        const auto all = follow_chunked("5\r\nhello\r\n"s + last);
        BOOST_TEST((all.end == kind::finished), last);
        BOOST_TEST(all.whole_chunks == 1u, last);
        BOOST_TEST(!all.ended_with_whole_chunk, last);
    }
}

BOOST_AUTO_TEST_CASE(a_size_line_cut_in_two_is_one_line_though_its_second_part_looks_like_a_chunk) {
    auto body = body_framing::chunked();
    const auto rest = "5\r\nhello\r\n0\r\n\r\n"sv; // of a chunk of 0x15 bytes
    BOOST_TEST((body.next("1").what == kind::need_more));
    const auto step = body.next(rest);
    BOOST_TEST(!step.is_whole_chunk);
    BOOST_TEST(step.content == rest.substr(3));
    auto other = body_framing::chunked();
    BOOST_TEST((other.next("1").what == kind::need_more));
    BOOST_TEST((other.next("0\r\n\r\n").what == kind::piece)); // sixteen bytes, and not the last chunk
}

BOOST_AUTO_TEST_CASE(data_that_does_not_end_where_its_size_says_is_malformed) {
    for (const auto bytes : {"5\r\nhello0\r\n\r\n", "5\r\nhello!\r\n0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n",
                             "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r0\r\n\r\n", "5\r\nhello\r\r\n0\r\n\r\n",
                             "5\r\nhello\n\r0\r\n\r\n"}) {
        BOOST_TEST((follow_chunked(bytes).end == kind::malformed), legible(bytes));
    }
}

BOOST_AUTO_TEST_CASE(what_was_malformed_stays_malformed) {
    auto body = body_framing::chunked();
    BOOST_TEST((body.next("x").what == kind::malformed));
    BOOST_TEST((body.next("5\r\nhello\r\n").what == kind::malformed));
    BOOST_TEST(!body.is_finished());
}

BOOST_AUTO_TEST_CASE(a_body_cut_anywhere_is_never_taken_for_a_finished_one) {
    const auto bytes = "5\r\nhello\r\n5;a=\"b\"\r\nworld\r\n0\r\nX: y\r\n\r\n"s;
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto cut = follow_chunked(std::string_view(bytes).substr(0, length));
        BOOST_TEST((cut.end == kind::need_more), length);
    }
    BOOST_TEST((follow_chunked(bytes).end == kind::finished));
}

BOOST_AUTO_TEST_CASE(twenty_thousand_one_byte_chunks_are_one_body) {
    std::string bytes;
    for (int i = 0; i < 20000; ++i) bytes += "1\r\nz\r\n";
    const auto all = follow(body_framing::chunked(), bytes + "0\r\n\r\n", 4096);
    BOOST_TEST((all.end == kind::finished));
    BOOST_TEST(all.content == std::string(20000, 'z'));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http

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
