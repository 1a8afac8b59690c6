#include "relay/body_forwarder.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>

namespace {

using namespace byot::relay;
using byot::http::body_form;
using byot::http::body_framing;
using byot::http::body_writer;
using byot::http::last_chunk;
using byot::http::length_if_whole;

/// Sends `input` through in pieces of `step` bytes and gives all that goes on.
struct carried {
    std::string bytes;
    bool is_finished = false;
    bool is_malformed = false;
};

carried carry(body_framing body, std::string_view input, std::size_t step, body_form form,
              event_tracker* tracker) {
    carried all;
    std::string waiting;
    while (!input.empty() && !all.is_finished && !all.is_malformed) {
        waiting += input.substr(0, step);
        input.remove_prefix(std::min(step, input.size()));
        std::array<char, 8192> memory;
        body_writer out(memory, form);
        const auto piece = forward_body(body, waiting, out, tracker);
        all.bytes += piece.bytes;
        all.is_finished = piece.is_finished;
        all.is_malformed = piece.is_malformed;
        waiting.erase(0, piece.used);
    }
    return all;
}

/// The content of a chunked body, by the framing's own reading.
std::string content_of(std::string_view chunked) {
    auto body = body_framing::chunked();
    std::string content;
    while (!body.is_finished()) {
        const auto step = body.next(chunked);
        BOOST_REQUIRE(step.what != byot::http::framing_step::kind::malformed);
        BOOST_REQUIRE(step.used > 0);
        content += step.content;
        chunked.remove_prefix(step.used);
    }
    return content;
}

constexpr std::string_view two_chunks = "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(body_forwarder)

BOOST_AUTO_TEST_CASE(whole_chunks_go_as_they_came_without_a_copy) {
    std::array<char, 2048> memory;
    body_writer out(memory, body_form::chunked);
    auto body = body_framing::chunked();
    const auto piece = forward_body(body, two_chunks, out, nullptr);
    BOOST_TEST(piece.bytes == two_chunks);
    BOOST_TEST(piece.bytes.data() == two_chunks.data());
    BOOST_TEST(out.head().empty());
    BOOST_TEST(piece.is_finished);
    BOOST_TEST(piece.content == 11u);
}

BOOST_AUTO_TEST_CASE(every_split_carries_the_same_content) {
    for (std::size_t step = 1; step <= two_chunks.size(); ++step) {
        const auto all = carry(body_framing::chunked(), two_chunks, step, body_form::chunked, nullptr);
        BOOST_TEST(all.is_finished);
        BOOST_TEST(content_of(all.bytes) == "hello world");
        const auto plain = carry(body_framing::chunked(), two_chunks, step, body_form::plain, nullptr);
        BOOST_TEST(plain.bytes == "hello world");
    }
}

BOOST_AUTO_TEST_CASE(a_part_of_a_chunk_promises_no_more_than_it_holds) {
    std::array<char, 2048> memory;
    body_writer out(memory, body_form::chunked);
    auto body = body_framing::chunked();
    const auto piece = forward_body(body, "ff\r\nabc", out, nullptr);
    BOOST_TEST(piece.bytes == "3\r\nabc\r\n");
    BOOST_TEST(piece.used == 7u);
}

BOOST_AUTO_TEST_CASE(trailers_and_extensions_do_not_pass) {
    const auto all = carry(body_framing::chunked(), "2;a=b\r\nhi\r\n0\r\nHost: evil\r\n\r\n", 100,
                           body_form::chunked, nullptr);
    BOOST_TEST(all.is_finished);
    BOOST_TEST(all.bytes == "2\r\nhi\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(nothing_after_a_malformed_chunk_passes) {
    const auto all =
        carry(body_framing::chunked(), "2\r\nhi\r\nZZ\r\nGET /evil\r\n", 100, body_form::chunked, nullptr);
    BOOST_TEST(all.is_malformed);
    BOOST_TEST(all.bytes.find("evil") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_length_is_not_exceeded) {
    std::array<char, 64> memory;
    body_writer out(memory, body_form::length);
    auto body = body_framing::of_length(3);
    const auto piece = forward_body(body, "abcGET /", out, nullptr);
    BOOST_TEST(piece.bytes == "abc");
    BOOST_TEST(piece.used == 3u);
    BOOST_TEST(piece.is_finished);
}

BOOST_AUTO_TEST_CASE(bytes_go_behind_what_the_buffer_holds) {
    std::array<char, 2048> memory;
    body_writer out(memory, body_form::chunked);
    out.head().append("HEAD");
    auto body = body_framing::chunked();
    BOOST_TEST(forward_body(body, two_chunks, out, nullptr).bytes == "HEAD" + std::string(two_chunks));
}

BOOST_AUTO_TEST_CASE(a_stream_that_ends_without_a_result_gets_an_error) {
    for (const std::size_t step : {1, 7, 1000}) {
        event_tracker tracker;
        const auto all = carry(body_framing::chunked(), "19\r\ndata: {\"message\":\"abc\"}\n\n\r\n0\r\n\r\n",
                               step, body_form::chunked, &tracker);
        BOOST_TEST(all.is_finished);
        BOOST_TEST(content_of(all.bytes) == "data: {\"message\":\"abc\"}\n\n" +
                                                terminal_event("UNAVAILABLE", ended_without_result, ""));
    }
}

BOOST_AUTO_TEST_CASE(a_stream_that_came_with_a_length_leaves_room_for_an_error) {
    struct {
        std::string_view came;
        bool gets_error;
    } const rows[] = {{"data: {\"message\":1}\n\n", true},
                      {"data: {\"result\":1}\n\n", false},
                      {"data", true},
                      {"x", false}};
    for (const auto& [came, gets_error] : rows) {
        for (const std::size_t step : {1, 7, 1000}) {
            event_tracker chunked_events, plain_events, kept_events;
            const auto length = body_framing::of_length(came.size());
            const auto rest = came == "data" ? "\n\n" : "";
            const auto error = gets_error ? terminal_event("UNAVAILABLE", ended_without_result, rest) : "";
            const auto wanted = std::string(came) + error;
            const auto chunked = carry(length, came, step, body_form::chunked, &chunked_events);
            BOOST_TEST(chunked.is_finished);
            BOOST_TEST(content_of(chunked.bytes) == wanted);
            BOOST_TEST(chunked.bytes.ends_with(last_chunk));
            BOOST_TEST(carry(length, came, step, body_form::plain, &plain_events).bytes == wanted);
            BOOST_TEST(carry(length, came, step, body_form::length, &kept_events).bytes == came);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_stream_of_no_bytes_is_one_error) {
    std::array<char, 2048> memory;
    body_writer out(memory, body_form::chunked);
    event_tracker tracker;
    auto body = body_framing::of_length(0);
    const auto piece = forward_body(body, "", out, &tracker);
    BOOST_TEST(piece.is_finished);
    BOOST_TEST(piece.was_completed);
    BOOST_TEST(content_of(piece.bytes) == terminal_event("UNAVAILABLE", ended_without_result, ""));
}

BOOST_AUTO_TEST_CASE(a_stream_that_ends_with_a_result_is_left_alone) {
    event_tracker tracker;
    const std::string_view stream = "15\r\ndata: {\"result\":12}\n\n\r\n0\r\n\r\n";
    const auto all = carry(body_framing::chunked(), stream, 1000, body_form::chunked, &tracker);
    BOOST_TEST(all.is_finished);
    BOOST_TEST(all.bytes == stream);
}

BOOST_AUTO_TEST_CASE(a_body_is_whole_when_its_last_byte_is_there) {
    struct {
        std::string_view bytes;
        std::uint64_t length;
    } const wholes[]{{"0\r\n\r\n", 0},           {two_chunks, 11},
                     {"000\r\n\r\n", 0},         {"5;a=\"b\"\r\nhello\r\n0;c\r\nd: e\r\n\r\n", 5},
                     {"1\r\nx\r\n0\r\n\r\n", 1}, {"A\r\n0123456789\r\n0\r\n\r\n", 10}};
    for (const auto& [bytes, length] : wholes) {
        BOOST_TEST_CONTEXT(bytes) {
            BOOST_TEST((length_if_whole(body_framing::chunked(), bytes) == length));
            // What follows is the next message's, whatever it is.
            BOOST_TEST((length_if_whole(body_framing::chunked(), std::string(bytes) + "1\r\n") == length));
            for (std::size_t i = 0; i < bytes.size(); ++i)
                BOOST_TEST(!length_if_whole(body_framing::chunked(), bytes.substr(0, i)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_malformed_body_is_never_whole) {
    for (const std::string_view bytes :
         {"g\r\n", "2\r\n{}x\r\n0\r\n\r\n", "0\n\n", "2\r\n{}\r\n0\r\n :\r\n\r\n"}) {
        BOOST_TEST(!length_if_whole(body_framing::chunked(), bytes));
    }
}

BOOST_AUTO_TEST_SUITE_END()
