#include "http/answer_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace byot::http;
using progress = answer_parser::progress;

namespace {

constexpr std::size_t limit = 100;

struct assembled {
    progress what = progress::wants_more;
    client_answer answer;
    bool keeps_connection = false;
    bool ends_with_connection = false;
    std::size_t left = 0; ///< bytes that are not the answer's
};

/// Feeds `bytes` in pieces of `step` bytes, keeping what was not used, as a connection does.
assembled assemble(std::string_view bytes, std::size_t step, bool is_head = false,
                   answer_parser::beyond_limit beyond = answer_parser::beyond_limit::wrong) {
    answer_parser parser(is_head, limit, beyond);
    assembled out;
    std::string waiting;
    for (; !bytes.empty() && out.what == progress::wants_more;
         bytes.remove_prefix(std::min(step, bytes.size()))) {
        waiting += bytes.substr(0, step);
        const auto [what, used] = parser.advance(waiting);
        waiting.erase(0, used);
        out.what = what;
    }
    out.keeps_connection = parser.keeps_connection();
    out.ends_with_connection = parser.ends_with_connection();
    out.answer = parser.take();
    out.left = waiting.size() + bytes.size();
    return out;
}

struct row {
    std::string bytes;
    unsigned status;
    std::string body;
    bool keeps_connection;
};

const std::vector<row> answers{
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", 200, "hello", false},
    {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true},
    {"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", 404, "{}", true},
    {"HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 70\r\n\r\n", 304, "", true},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", 200,
     "hello", true},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n", 200, "", true},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
     200, "ok", true},
};

const std::vector<std::string> wrong{
    "HELLO\r\n\r\n",
    "HTTP/2 200 OK\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x'),
    "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'),
    "HTTP/1.1 200 OK\r\nX: " + std::string(40000, 'x'),
};

} // namespace

BOOST_AUTO_TEST_SUITE(answers_are_assembled)

BOOST_AUTO_TEST_CASE(an_answer_is_the_same_however_its_bytes_arrive) {
    for (const auto& [bytes, status, body, keeps_connection] : answers) {
        for (const std::size_t step : {std::size_t(1), std::size_t(2), std::size_t(7), bytes.size()}) {
            BOOST_TEST_CONTEXT(bytes << " by " << step) {
                const auto got = assemble(bytes, step);
                BOOST_TEST((got.what == progress::whole));
                BOOST_TEST(got.answer.status == status);
                BOOST_TEST(got.answer.body == body);
                BOOST_TEST(got.keeps_connection == keeps_connection);
                BOOST_TEST(got.left == 0u);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_found_however_its_bytes_arrive) {
    for (const auto& bytes : wrong) {
        for (const std::size_t step : {std::size_t(64), bytes.size()}) {
            BOOST_TEST_CONTEXT(bytes.substr(0, 120) << " by " << step)
            BOOST_TEST((assemble(bytes, step).what == progress::wrong));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_of_exactly_the_limit_is_taken) {
    const std::string body(limit, 'x');
    BOOST_TEST(assemble("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body, 9).answer.body == body);
    const auto chunked =
        assemble("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + body + "\r\n0\r\n\r\n", 9);
    BOOST_TEST((chunked.what == progress::whole));
    BOOST_TEST(chunked.answer.body == body);
}

BOOST_AUTO_TEST_CASE(a_larger_body_may_be_cut_and_ends_its_connection) {
    const std::string body(limit + 1, 'x');
    for (const auto& bytes :
         {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + body,
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + body + "\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\n\r\n" + body}) {
        for (const std::size_t step : {1, 7, 1000}) {
            const auto got = assemble(bytes, step, false, answer_parser::beyond_limit::cut);
            BOOST_TEST((got.what == progress::whole));
            BOOST_TEST(got.answer.body == body.substr(0, limit));
            BOOST_TEST(!got.keeps_connection);
        }
    }
    const auto fitting = assemble("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body.substr(1), 7, false,
                                  answer_parser::beyond_limit::cut);
    BOOST_TEST(fitting.answer.body.size() == limit);
    BOOST_TEST(fitting.keeps_connection);
}

// What servers send beside the plain form, and what becomes of it. Beast's parser decides unless a row says
// otherwise; what "was" tells is how this client took it before it used Beast's.
struct oddity {
    std::string_view what;
    std::string bytes;
    bool is_taken;
};

std::string with_fields(std::string_view fields) {
    return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "Content-Length: 5\r\n\r\nhello";
}
std::string in_chunks(std::string_view chunks) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunks);
}

const std::vector<oddity> oddities{
    {"no phrase", "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello", true},
    {"no phrase and no space (Beast refuses it)", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", true},
    {"a phrase in another language", "HTTP/1.1 200 Gr\xc3\xbc\xc3\x9f\r\nContent-Length: 5\r\n\r\nhello",
     true},
    {"lines that end with LF", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", false},
    {"an empty line before", "\r\n" + with_fields(""), false},
    {"two spaces before the status", "HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello", false},
    {"a status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello", false},
    {"a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello", false},
    {"status 099 (Beast takes it)", "HTTP/1.1 099 X\r\nContent-Length: 5\r\n\r\nhello", false},
    {"status 600 (Beast takes it)", "HTTP/1.1 600 X\r\nContent-Length: 5\r\n\r\nhello", false},
    {"HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello", false},
    {"lower case", "http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false},
    {"shoutcast", "ICY 200 OK\r\nContent-Length: 5\r\n\r\nhello", false},
    {"an interim answer with content (Beast takes it)",
     "HTTP/1.1 103 X\r\nContent-Length: 1\r\n\r\n" + with_fields(""), false},

    {"a field without a value", with_fields("X-A:\r\n"), true},
    {"a value with bytes beyond ASCII", with_fields("X-A: \xfc\r\n"), true},
    {"a folded value (was refused)", with_fields("X-A: one\r\n two\r\n"), true},
    {"white space before a colon", with_fields("X-A : one\r\n"), false},
    {"white space before the first field", with_fields(" X-A: one\r\n"), false},
    {"a line without a colon", with_fields("X-A\r\n"), false},
    {"a name that is no token", with_fields("X(A: one\r\n"), false},
    {"a control character in a value", with_fields(std::string("X-A: a\0b\r\n", 10)), false},
    {"a bare CR in a value", with_fields("X-A: a\rb\r\n"), false},
    {"Connection is no list (was taken)", with_fields("Connection: keep alive\r\n"), false},
    {"Connection is an empty list", with_fields("Connection: , \r\n"), true},
    {"128 fields", with_fields([] {
         std::string fields;
         for (int i = 0; i < 127; ++i) fields += "A: b\r\n";
         return fields;
     }()),
     true},
    {"129 fields (Beast takes them)", with_fields([] {
         std::string fields;
         for (int i = 0; i < 128; ++i) fields += "A: b\r\n";
         return fields;
     }()),
     false},

    {"the same length twice (Beast takes it)", with_fields("Content-Length: 5\r\n"), false},
    {"two lengths", with_fields("Content-Length: 4\r\n"), false},
    {"a list of one length (Beast takes it)", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", false},
    {"a length with a sign", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", false},
    {"an empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello", false},
    {"a length beside chunked", with_fields("Transfer-Encoding: chunked\r\n"), false},
    {"Transfer-Encoding: identity (Beast takes it)", with_fields("Transfer-Encoding: identity\r\n"), false},
    {"gzip, chunked (Beast takes it)", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
     false},
    {"chunked twice",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false},
    {"chunked on HTTP/1.0 (Beast takes it)",
     "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", false},
    {"CHUNKED", "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n", true},

    {"zeros before a chunk's size", in_chunks("0005\r\nhello\r\n000\r\n\r\n"), true},
    {"chunk extensions", in_chunks("5;a=b;c=\"d;e\"\r\nhello\r\n0;x\r\n\r\n"), true},
    {"a line feed in a quoted extension (Beast takes it)", in_chunks("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"),
     false},
    {"a quoted extension without an end", in_chunks("5;a=\"\r\nhello\r\n0\r\n\r\n"), false},
    {"a quoted extension that ends in the content (Beast takes it when it came at once)",
     in_chunks("5;a=\"\r\nhe\"\r\nllo\r\n0\r\n\r\n"), false},
    {"a last chunk's quoted extension that ends in its trailers",
     in_chunks("5\r\nhello\r\n0;a=\"\r\nX-Sum: \"\r\n\r\n"), false},
    {"257 bytes of extensions (Beast takes them)",
     in_chunks("5;a=" + std::string(254, 'x') + "\r\nhello\r\n0\r\n\r\n"), false},
    {"white space behind a chunk's size", in_chunks("5 \r\nhello\r\n0\r\n\r\n"), false},
    {"0x before a chunk's size", in_chunks("0x5\r\nhello\r\n0\r\n\r\n"), false},
    {"a chunk's size with a sign", in_chunks("+5\r\nhello\r\n0\r\n\r\n"), false},
    {"a chunk's size beyond 64 bits", in_chunks("10000000000000005\r\nhello\r\n0\r\n\r\n"), false},
    {"a chunk longer than its size", in_chunks("4\r\nhello\r\n0\r\n\r\n"), false},
    {"a chunk's line that ends with LF", in_chunks("5\nhello\r\n0\r\n\r\n"), false},
    {"trailers", in_chunks("5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-B:\r\n\r\n"), true},
    {"a trailer that is none", in_chunks("5\r\nhello\r\n0\r\nX Sum: 1\r\n\r\n"), false},
    {"a trailer that would be framing (was taken)", in_chunks("5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n"),
     false},
    {"9 KiB of trailers (Beast takes them)",
     in_chunks("5\r\nhello\r\n0\r\nX-Sum: " + std::string(9 * 1024, 'x') + "\r\n\r\n"), false},
};

BOOST_AUTO_TEST_CASE(what_servers_send_beside_the_plain_form_is_taken_or_refused_on_purpose) {
    for (const auto& [what, bytes, is_taken] : oddities) {
        for (const std::size_t step : {std::size_t(1), std::size_t(5), bytes.size()}) {
            BOOST_TEST_CONTEXT(what << " by " << step) {
                const auto got = assemble(bytes, step);
                BOOST_TEST((got.what == (is_taken ? progress::whole : progress::wrong)));
                if (is_taken) BOOST_TEST(got.answer.body == "hello");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(trailers_are_no_fields_and_a_folded_value_is_one_line) {
    const auto got = assemble(in_chunks("5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"), 7).answer;
    BOOST_TEST(got.fields.size() == 1u);
    BOOST_TEST(got.field("x-sum") == "");
    BOOST_TEST(assemble(with_fields("X-A: one\r\n  two\r\n"), 64).answer.field("x-a") == "one two");
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_only_when_nothing_speaks_against_it) {
    const auto is_kept = [](std::string_view bytes, bool is_head = false) {
        const auto got = assemble(bytes, 64, is_head);
        BOOST_TEST((got.what == progress::whole));
        return got.keeps_connection;
    };
    BOOST_TEST(is_kept(with_fields("Connection: keep-alive\r\n")));
    BOOST_TEST(is_kept(with_fields("Connection: X-A\r\n")));
    BOOST_TEST(!is_kept(with_fields("Connection: X-A, Close\r\n")));
    BOOST_TEST(!is_kept("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"));
    BOOST_TEST(!is_kept("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"));
    BOOST_TEST(!is_kept("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"));
    BOOST_TEST(is_kept("HTTP/1.1 200 OK\r\n\r\n", true)); // was not: to HEAD nothing follows (RFC 9112 §6.3)
}

BOOST_AUTO_TEST_CASE(an_answer_cut_short_wants_more) {
    for (const auto& row : answers) {
        for (std::size_t size = 0; size < row.bytes.size(); ++size) {
            BOOST_TEST_CONTEXT(row.bytes.substr(0, size))
            BOOST_TEST((assemble(row.bytes.substr(0, size), 5).what == progress::wants_more));
        }
    }
}

BOOST_AUTO_TEST_CASE(without_a_length_the_connections_end_is_the_answers) {
    const auto got = assemble("HTTP/1.1 200 OK\r\n\r\nhel", 4);
    BOOST_TEST((got.what == progress::wants_more));
    BOOST_TEST(got.ends_with_connection);
    BOOST_TEST(!got.keeps_connection);
    BOOST_TEST(got.answer.body == "hel");
    BOOST_TEST(!assemble("HTTP/1.1 200 OK\r\n", 4).ends_with_connection);
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_no_body_whatever_it_announces) {
    const auto got = assemble("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP", 64, true);
    BOOST_TEST((got.what == progress::whole));
    BOOST_TEST(got.left == 4u);
    BOOST_TEST(got.answer.field("content-LENGTH") == "5");
}

BOOST_AUTO_TEST_CASE(bytes_behind_the_answer_are_left) {
    BOOST_TEST(assemble("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP", 64).left == 4u);
}

BOOST_AUTO_TEST_CASE(fields_are_kept_as_they_came_and_found_without_case) {
    const auto got = assemble("HTTP/1.1 204 No Content\r\nX-A:  one \r\nx-a: two\r\nX-B:\r\n\r\n", 64).answer;
    BOOST_TEST(got.fields.size() == 3u);
    BOOST_TEST(got.fields.at(0).first == "X-A");
    BOOST_TEST(got.fields.at(0).second == "one");
    BOOST_TEST(got.field("x-A") == "one");
    BOOST_TEST(got.field("x-b") == "");
    BOOST_TEST(got.field("x-c") == "");
}

BOOST_AUTO_TEST_SUITE_END()
