// The rules of an answer on its way: what goes on, when an error event is due, when a reset, who is told
// what. No socket: the rules are told what came, and say what to do.
#include "relay/conversation.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace byot;
using namespace byot::relay;
using act = conversation_step::act;
using net::receive_outcome;

const user_id ann("ann");

constexpr std::string_view stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view event = "data: {\"message\":1}\n\n"; // 21 bytes
constexpr std::string_view chunk = "15\r\ndata: {\"message\":1}\n\n\r\n";
constexpr std::string_view result_chunk = "14\r\ndata: {\"result\":1}\n\n\r\n";
constexpr std::string_view document_head =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n";

std::string text(std::string_view head, std::string_view body = "") {
    return std::string(head).append(body);
}

/// An answer on its way, with a client that takes what it is sent until `client_fails`.
struct carried {
    bool is_http_1_0 = false;
    bool asked_for_stream = true;
    bool is_last = false;
    bool client_fails = false;

    answer_additions additions;
    std::vector<char> memory = std::vector<char>(64 * 1024);
    http::response_writer to;
    conversation talk;
    std::string waiting; ///< of the upstream's bytes, not used yet
    std::string sent;
    bool is_upstream_ended = false;
    conversation_step last;

    explicit carried(bool is_http_1_0_ = false, bool asked_for_stream_ = true)
        : is_http_1_0(is_http_1_0_), asked_for_stream(asked_for_stream_), to(is_http_1_0_),
          talk(additions, asked_for_stream_) {
        additions.who = &ann;
        additions.provider = "openai";
        additions.credential_id = "cred_1";
        additions.request_id = "r-1";
    }

    /// Follows `step` up to the next wait for the upstream, or the end.
    act follow(conversation_step step) {
        for (;;) {
            waiting.erase(0, step.used);
            is_upstream_ended |= step.ends_upstream;
            last = step;
            if (step.what != act::send) return step.what;
            const bool is_sent = to.bytes().empty() || !client_fails;
            if (is_sent) sent += to.bytes();
            to.open(memory);
            step = talk.on_sent(to, is_sent);
        }
    }
    act came(std::string_view bytes) {
        // What was used is forgotten before it is sent here, so the bytes stand elsewhere meanwhile.
        const std::string present = waiting.append(bytes);
        to.open(memory);
        return follow(talk.on_bytes(to, present, is_last));
    }
    act ended(receive_outcome how) {
        const std::string present = waiting;
        to.open(memory);
        return follow(talk.on_end(to, how, present, is_last));
    }

    std::string body() const {
        const auto end = sent.find("\r\n\r\n");
        return end == sent.npos ? std::string() : sent.substr(end + 4);
    }
    bool says(std::string_view line) const { return sent.find(line) != sent.npos; }
    unsigned status() const { return talk.told().status.value_or(talk.status()); }
    std::string_view outcome() const { return talk.told().outcome; }
    reason why() const { return last.why->why(); }
};

/// The event that ends a stream, as a chunk, with the last chunk behind it.
std::string error_chunk(std::string_view message, std::string_view rest = "") {
    const auto error = terminal_event(cut_status, message, rest);
    std::array<char, 512> memory;
    http::flat_buffer out(memory);
    http::append_chunk(out, error);
    out.append(http::last_chunk);
    return std::string(out.view());
}

} // namespace

BOOST_AUTO_TEST_SUITE(conversation_rules)

// What is forwarded -----------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(head_and_first_bytes_leave_in_one_write) {
    carried c;
    BOOST_TEST((c.came(text(stream_head, chunk)) == act::receive));
    BOOST_TEST(c.sent.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    BOOST_TEST(c.says("\r\nx-byot-credential: user/openai/cred_1\r\n"));
    BOOST_TEST(c.says("\r\nTransfer-Encoding: chunked\r\n\r\n"));
    BOOST_TEST(c.body() == chunk);
    BOOST_TEST(c.waiting.empty());
}

BOOST_AUTO_TEST_CASE(a_head_is_waited_for_however_it_is_cut) {
    const auto whole = text(document_head, "0123456789");
    for (std::size_t cut = 1; cut < document_head.size(); ++cut) {
        carried c;
        BOOST_TEST((c.came(whole.substr(0, cut)) == act::receive));
        BOOST_TEST(c.sent.empty());
        BOOST_TEST((c.came(whole.substr(cut)) == act::finish));
        BOOST_TEST(c.body() == "0123456789");
    }
}

BOOST_AUTO_TEST_CASE(a_document_keeps_its_length_and_its_upstream) {
    carried c;
    BOOST_TEST((c.came(text(document_head, "01234")) == act::receive));
    BOOST_TEST((c.came("56789") == act::finish));
    BOOST_TEST(c.says("\r\nContent-Length: 10\r\n"));
    BOOST_TEST(!c.says("Connection: close"));
    BOOST_TEST(c.body() == "0123456789");
    BOOST_TEST(c.talk.leaves_upstream_reusable());
    BOOST_TEST(!c.is_upstream_ended);
    BOOST_TEST(c.outcome() == "complete");
    BOOST_TEST(c.status() == 200u);
}

BOOST_AUTO_TEST_CASE(whole_chunks_are_the_upstreams_own_bytes) {
    carried c;
    c.came(stream_head);
    const auto came = text(chunk, chunk);
    c.to.open(c.memory);
    const auto step = c.talk.on_bytes(c.to, came, false);
    BOOST_TEST((step.what == act::send));
    BOOST_TEST(c.to.bytes().data() == came.data());
    BOOST_TEST(c.to.bytes() == came);
}

BOOST_AUTO_TEST_CASE(statuses_without_content_have_no_framing) {
    for (const auto* const status : {"204 No Content", "304 Not Modified"}) {
        carried c;
        BOOST_TEST((c.came(text("HTTP/1.1 ", status) + "\r\n\r\n") == act::finish));
        BOOST_TEST(!c.says("Content-Length"));
        BOOST_TEST(!c.says("Transfer-Encoding"));
        BOOST_TEST(c.body().empty());
    }
}

BOOST_AUTO_TEST_CASE(http_1_0_gets_the_content_up_to_the_connections_end) {
    carried c(true);
    BOOST_TEST((c.came(text(stream_head, chunk)) == act::receive));
    BOOST_TEST((c.came(text(result_chunk, "0\r\n\r\n")) == act::finish));
    BOOST_TEST(!c.says("Transfer-Encoding"));
    BOOST_TEST(c.says("\r\nConnection: close\r\n"));
    BOOST_TEST(c.to.is_last());
    BOOST_TEST(c.body() == text(event, "data: {\"result\":1}\n\n"));
}

BOOST_AUTO_TEST_CASE(an_event_stream_with_a_length_goes_on_in_chunks) {
    carried c;
    BOOST_TEST((c.came(text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
                            "20\r\n\r\n",
                            "data: {\"result\":1}\n\n")) == act::finish));
    BOOST_TEST(c.says("Transfer-Encoding: chunked"));
    BOOST_TEST(c.body() == text(result_chunk, "0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_stream_labelled_plain_is_waited_for_and_relabelled) {
    carried c;
    BOOST_TEST((c.came("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 21\r\n\r\n") ==
                act::receive));
    BOOST_TEST(c.sent.empty());
    BOOST_TEST((c.came(event.substr(0, 3)) == act::receive));
    BOOST_TEST((c.came(event.substr(3)) == act::finish));
    BOOST_TEST(c.says("\r\nContent-Type: text/event-stream\r\n"));
}

BOOST_AUTO_TEST_CASE(interim_answers_are_passed_over_up_to_sixteen) {
    const auto interim = std::string("HTTP/1.1 100 Continue\r\n\r\n");
    carried few;
    for (int i = 0; i < 16; ++i) BOOST_TEST((few.came(interim) == act::receive));
    BOOST_TEST(few.waiting.empty());
    BOOST_TEST((few.came(text(document_head, "0123456789")) == act::finish));
    BOOST_TEST(!few.says("100"));
    carried many;
    std::string all;
    for (int i = 0; i < 17; ++i) all += interim;
    BOOST_TEST((many.came(all) == act::refuse));
    BOOST_TEST((many.why() == reason::upstream_invalid));
}

BOOST_AUTO_TEST_CASE(an_interim_answer_and_the_final_one_may_come_together) {
    carried c;
    BOOST_TEST(
        (c.came("HTTP/1.1 103 Early Hints\r\n\r\n" + text(document_head, "0123456789")) == act::finish));
    BOOST_TEST(c.body() == "0123456789");
    BOOST_TEST(c.waiting.empty());
}

BOOST_AUTO_TEST_CASE(an_early_answer_is_the_connections_last) {
    carried c;
    c.is_last = true;
    BOOST_TEST((c.came(text(document_head, "0123456789")) == act::finish));
    BOOST_TEST(c.says("\r\nConnection: close\r\n"));
}

// Before an answer
// -------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(without_an_answer_each_end_has_its_own_failure) {
    struct {
        receive_outcome how;
        reason why;
    } const rows[] = {{receive_outcome::ended, reason::upstream_unreachable},
                      {receive_outcome::failed, reason::upstream_unreachable},
                      {receive_outcome::expired, reason::upstream_timeout}};
    for (const auto& row : rows) {
        for (const std::string_view before : {"", "HTTP/1.1 200 OK\r\nConte"}) {
            carried c;
            if (!before.empty()) c.came(before);
            BOOST_TEST((c.ended(row.how) == act::refuse));
            BOOST_TEST((c.why() == row.why));
            BOOST_TEST(c.is_upstream_ended);
            BOOST_TEST(c.sent.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_this_side_cut_is_told_by_its_cause) {
    carried drained;
    drained.talk.on_drained();
    BOOST_TEST((drained.ended(receive_outcome::interrupted) == act::refuse));
    BOOST_TEST((drained.why() == reason::shutting_down));

    carried upload;
    upload.talk.on_upload_failed(failure(reason::body_too_large));
    BOOST_TEST((upload.ended(receive_outcome::interrupted) == act::refuse));
    BOOST_TEST((upload.why() == reason::body_too_large));

    carried gone;
    gone.talk.on_drained();
    gone.talk.on_client_gone();
    BOOST_TEST((gone.ended(receive_outcome::interrupted) == act::leave));

    carried first_gone;
    first_gone.talk.on_client_gone();
    first_gone.talk.on_drained();
    BOOST_TEST((first_gone.ended(receive_outcome::interrupted) == act::leave));
}

BOOST_AUTO_TEST_CASE(a_malformed_head_or_first_chunk_is_refused_before_anything_is_sent) {
    for (const auto& bytes :
         {std::string("HTTP/2 200\r\n\r\n"), std::string("nonsense\r\n\r\n"), text(stream_head, "ZZ\r\n")}) {
        carried c;
        BOOST_TEST((c.came(bytes) == act::refuse));
        BOOST_TEST((c.why() == reason::upstream_invalid));
        BOOST_TEST(c.is_upstream_ended);
        BOOST_TEST(c.sent.empty());
    }
}

BOOST_AUTO_TEST_CASE(an_empty_text_that_ends_with_the_connection_is_an_answer) {
    carried c;
    BOOST_TEST((c.came("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n") == act::receive));
    BOOST_TEST((c.ended(receive_outcome::ended) == act::receive));
    BOOST_TEST(c.sent.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST((c.ended(receive_outcome::ended) == act::finish));
}

// How streams end
// ---------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_cut_stream_of_genkits_is_ended_by_one_error_event) {
    struct {
        receive_outcome how;
        std::string_view message;
    } const rows[] = {
        {receive_outcome::failed, "The AI service closed the connection before its answer was complete."},
        {receive_outcome::ended, "The AI service closed the connection before its answer was complete."},
        {receive_outcome::expired, "The AI service stopped sending."}};
    for (const auto& row : rows) {
        carried c;
        c.came(text(stream_head, chunk));
        BOOST_TEST((c.ended(row.how) == act::finish));
        BOOST_TEST(c.body() == text(chunk, error_chunk(row.message)));
        BOOST_TEST(c.is_upstream_ended);
        BOOST_TEST(!c.talk.leaves_upstream_reusable());
        BOOST_TEST(c.status() == 503u);
        BOOST_TEST(c.outcome() == "upstream_gone");
    }
}

BOOST_AUTO_TEST_CASE(a_drained_stream_is_told_of_it) {
    carried c;
    c.came(text(stream_head, chunk));
    c.talk.on_drained();
    BOOST_TEST((c.ended(receive_outcome::interrupted) == act::finish));
    BOOST_TEST(c.body() == text(chunk, error_chunk("This instance is shutting down.")));
    BOOST_TEST(c.outcome() == "drained");
    BOOST_TEST(c.status() == 503u);
}

BOOST_AUTO_TEST_CASE(an_event_that_was_cut_is_closed_first) {
    carried c;
    c.came(text(stream_head, "5\r\ndata:\r\n"));
    BOOST_TEST((c.ended(receive_outcome::failed) == act::finish));
    BOOST_TEST(
        c.body() ==
        text("5\r\ndata:\r\n",
             error_chunk("The AI service closed the connection before its answer was complete.", "\n\n")));
}

BOOST_AUTO_TEST_CASE(a_malformed_chunk_behind_the_head_ends_the_stream) {
    carried c;
    c.came(text(stream_head, chunk));
    BOOST_TEST((c.came("ZZ\r\n") == act::finish));
    BOOST_TEST(c.body() == text(chunk, error_chunk("The AI service broke the rules of HTTP.")));
    BOOST_TEST(c.is_upstream_ended);
}

BOOST_AUTO_TEST_CASE(a_stream_that_ends_in_order_without_a_result_gets_an_error_and_counts_as_failed) {
    carried c;
    BOOST_TEST((c.came(text(stream_head, text(chunk, "0\r\n\r\n"))) == act::finish));
    BOOST_TEST(c.body() == text(chunk, error_chunk(ended_without_result)));
    BOOST_TEST(c.status() == 503u);
    BOOST_TEST(c.outcome() == "ended_without_result");
    BOOST_TEST(c.talk.leaves_upstream_reusable());
}

BOOST_AUTO_TEST_CASE(a_stream_with_its_result_is_left_alone_however_it_ends) {
    carried in_order;
    BOOST_TEST((in_order.came(text(stream_head, text(result_chunk, "0\r\n\r\n"))) == act::finish));
    BOOST_TEST(in_order.body() == text(result_chunk, "0\r\n\r\n"));
    BOOST_TEST(in_order.outcome() == "complete");
    carried cut;
    cut.came(text(stream_head, result_chunk));
    BOOST_TEST((cut.ended(receive_outcome::failed) == act::finish));
    BOOST_TEST(cut.body() == text(result_chunk, "0\r\n\r\n"));
    BOOST_TEST(cut.status() == 200u);
    BOOST_TEST(cut.outcome() == "upstream_gone");
}

BOOST_AUTO_TEST_CASE(a_stream_up_to_the_connections_end_is_completed_as_content) {
    const auto head = std::string("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
    carried c;
    BOOST_TEST((c.came(head + std::string(event)) == act::receive));
    BOOST_TEST((c.ended(receive_outcome::ended) == act::finish));
    BOOST_TEST(c.body() == text(event, terminal_event(cut_status, ended_without_result, "")));
    BOOST_TEST(c.outcome() == "ended_without_result");
    BOOST_TEST(c.status() == 503u);
    BOOST_TEST(c.to.is_last());
}

BOOST_AUTO_TEST_CASE(a_flows_own_error_is_the_status_that_counts) {
    carried c;
    const auto error = std::string("data: {\"error\":{\"status\":\"PERMISSION_DENIED\",\"details\":"
                                   "{\"x-byot-key-state\":\"rejected\"}}}\n\n");
    std::array<char, 512> memory;
    http::flat_buffer out(memory);
    http::append_chunk(out, error);
    BOOST_TEST((c.came(text(stream_head, text(out.view(), "0\r\n\r\n"))) == act::finish));
    BOOST_TEST(c.status() == 403u);
    BOOST_TEST(c.outcome() == "flow_failed");
    BOOST_TEST((c.talk.key_state() == vault::key_state::rejected));
}

BOOST_AUTO_TEST_CASE(the_head_may_tell_the_keys_state) {
    carried c;
    c.came("HTTP/1.1 429 Slow\r\nx-byot-key-state: exhausted\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST((c.talk.key_state() == vault::key_state::exhausted));
    BOOST_TEST(!c.says("key-state"));
}

// When only a reset tells
// ---------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_document_that_is_cut_is_reset) {
    struct {
        receive_outcome how;
        unsigned status;
    } const rows[] = {
        {receive_outcome::failed, 502}, {receive_outcome::ended, 502}, {receive_outcome::expired, 504}};
    for (const auto& row : rows) {
        carried c;
        c.came(text(document_head, "01234"));
        BOOST_TEST((c.ended(row.how) == act::reset));
        BOOST_TEST(c.status() == row.status);
        BOOST_TEST(c.outcome() == "upstream_gone");
    }
    carried drained;
    drained.came(text(document_head, "01234"));
    drained.talk.on_drained();
    BOOST_TEST((drained.ended(receive_outcome::interrupted) == act::reset));
    BOOST_TEST(drained.status() == 503u);
}

BOOST_AUTO_TEST_CASE(another_protocols_stream_that_is_cut_is_reset) {
    carried c;
    c.came(text(stream_head, "e\r\ndata: [DONE]\n\n\r\n"));
    BOOST_TEST((c.ended(receive_outcome::failed) == act::reset));
    BOOST_TEST(c.body() == "e\r\ndata: [DONE]\n\n\r\n");
    BOOST_TEST(c.status() == 502u);
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_no_more_is_reset_and_the_upstream_left) {
    carried c;
    c.came(text(stream_head, chunk));
    c.client_fails = true;
    BOOST_TEST((c.came(chunk) == act::reset));
    BOOST_TEST(c.is_upstream_ended);
    BOOST_TEST(c.outcome() == "client_gone");
    BOOST_TEST(c.status() == 200u);
}

BOOST_AUTO_TEST_CASE(a_client_that_has_gone_is_sent_nothing_more) {
    carried c;
    c.came(text(stream_head, chunk));
    c.talk.on_client_gone();
    BOOST_TEST((c.ended(receive_outcome::interrupted) == act::reset));
    BOOST_TEST(c.body() == chunk);
    BOOST_TEST(c.outcome() == "client_gone");
    BOOST_TEST(c.is_upstream_ended);
}

BOOST_AUTO_TEST_CASE(an_upload_that_fails_behind_an_answers_head_resets_it) {
    carried c;
    c.came(text(stream_head, chunk));
    c.talk.on_upload_failed(failure(reason::request_malformed));
    BOOST_TEST((c.ended(receive_outcome::interrupted) == act::reset));
    BOOST_TEST(c.body() == chunk);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_take_the_last_event_is_reset) {
    carried c;
    c.came(text(stream_head, chunk));
    c.client_fails = true;
    BOOST_TEST((c.ended(receive_outcome::failed) == act::reset));
    BOOST_TEST(c.outcome() == "upstream_gone");
    BOOST_TEST(c.status() == 503u);
}

BOOST_AUTO_TEST_SUITE_END()
