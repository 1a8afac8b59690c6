#include "http/answer_assembly.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace byot::http;
using progress = answer_assembly::progress;

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
                   answer_assembly::beyond_limit beyond = answer_assembly::beyond_limit::wrong) {
    answer_assembly assembly(is_head, limit, beyond);
    assembled out;
    std::string waiting;
    for (; !bytes.empty() && out.what == progress::wants_more;
         bytes.remove_prefix(std::min(step, bytes.size()))) {
        waiting += bytes.substr(0, step);
        const auto [what, used] = assembly.advance(waiting);
        waiting.erase(0, used);
        out.what = what;
    }
    out.keeps_connection = assembly.keeps_connection();
    out.ends_with_connection = assembly.ends_with_connection();
    out.answer = assembly.take();
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
            const auto got = assemble(bytes, step, false, answer_assembly::beyond_limit::cut);
            BOOST_TEST((got.what == progress::whole));
            BOOST_TEST(got.answer.body == body.substr(0, limit));
            BOOST_TEST(!got.keeps_connection);
        }
    }
    const auto fitting = assemble("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body.substr(1), 7, false,
                                  answer_assembly::beyond_limit::cut);
    BOOST_TEST(fitting.answer.body.size() == limit);
    BOOST_TEST(fitting.keeps_connection);
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
