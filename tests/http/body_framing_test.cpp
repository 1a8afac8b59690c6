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
