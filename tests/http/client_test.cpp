#include "client_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::http;
using namespace byot::http::test;

BOOST_FIXTURE_TEST_SUITE(client, client_fixture)

BOOST_AUTO_TEST_CASE(a_get_is_sent_as_asked_and_answered) {
    scripted_server server(home, {{{answer_of("hello", "X-A: b\r\n")}}});
    auto request = request_to(server, "/v1/keys?mask=a%20b");
    request.fields = {{"Authorization", "Bearer t"}, {"Accept", "application/json"}};
    const auto answer = fetch_now(std::move(request));
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->status == 200u);
    BOOST_TEST(answer->body == "hello");
    BOOST_TEST(answer->field("x-a") == "b");
    BOOST_TEST(server.requests.at(0) == fmt::format("GET /v1/keys?mask=a%20b HTTP/1.1\r\n"
                                                    "Host: 127.0.0.1:{}\r\n"
                                                    "Authorization: Bearer t\r\n"
                                                    "Accept: application/json\r\n\r\n",
                                                    server.port()));
}

BOOST_AUTO_TEST_CASE(a_body_goes_with_its_length) {
    scripted_server server(home, {{{answer_of("1")}, {answer_of("2")}, {answer_of("3")}}});
    auto post = request_to(server, "");
    post.method = "POST";
    post.body = "{}";
    BOOST_TEST(fetch_now(post)->body == "1");
    post.body.clear();
    BOOST_TEST(fetch_now(post)->body == "2");
    auto removal = request_to(server);
    removal.method = "DELETE";
    BOOST_TEST(fetch_now(removal)->body == "3");
    BOOST_TEST(server.requests.at(0).starts_with("POST / HTTP/1.1\r\n"));
    BOOST_TEST(server.requests.at(0).ends_with("\r\nContent-Length: 2\r\n\r\n{}"));
    BOOST_TEST(server.requests.at(1).ends_with("\r\nContent-Length: 0\r\n\r\n"));
    BOOST_TEST(server.requests.at(2).find("Content-Length") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_large_body_goes_and_comes_whole) {
    std::string large(200'000, 'a');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>('a' + i % 26);
    scripted_server server(home, {{{answer_of(large)}}});
    auto request = request_to(server);
    request.method = "POST";
    request.body = large;
    const auto answer = fetch_now(std::move(request));
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST((answer->body == large));
    BOOST_TEST(server.requests.at(0).ends_with(large));
}

BOOST_AUTO_TEST_CASE(a_chunked_answer_and_interim_ones_are_read) {
    scripted_server server(home, {{{"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n"
                                    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
                                   {answer_of("again")}}});
    BOOST_TEST(fetch_now(request_to(server))->body == "hello");
    BOOST_TEST(fetch_now(request_to(server))->body == "again");
    BOOST_TEST(server.connections == 1u);
}

BOOST_AUTO_TEST_CASE(a_body_is_shown_as_far_as_it_has_come) {
    scripted_server server(
        home, {{{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}}});
    auto request = request_to(server);
    std::string shown;
    request.watch_body = [&](std::string_view so_far) { shown = so_far; };
    BOOST_TEST(fetch_now(std::move(request))->body == "hello");
    BOOST_TEST(shown == "hello");
}

BOOST_AUTO_TEST_CASE(a_connection_is_used_again_unless_the_answer_forbids_it) {
    scripted_server server(
        home, {{{answer_of("1")}, {answer_of("2", "Connection: close\r\n")}}, {{answer_of("3")}}});
    BOOST_TEST(fetch_now(request_to(server))->body == "1");
    BOOST_TEST(pool.idle() == 1u);
    BOOST_TEST(fetch_now(request_to(server))->body == "2");
    BOOST_TEST(pool.idle() == 0u);
    BOOST_TEST(fetch_now(request_to(server))->body == "3");
    BOOST_TEST(server.connections == 2u);
}

BOOST_AUTO_TEST_CASE(a_connection_with_bytes_behind_the_answer_is_not_used_again) {
    scripted_server server(home, {{{answer_of("1") + "HTTP/1.1 200 OK\r\n"}}, {{answer_of("2")}}});
    BOOST_TEST(fetch_now(request_to(server))->body == "1");
    BOOST_TEST(pool.idle() == 0u);
    BOOST_TEST(fetch_now(request_to(server))->body == "2");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_length_ends_with_its_connection) {
    scripted_server server(home, {{{"HTTP/1.1 200 OK\r\n\r\nhello", after::close}}});
    BOOST_TEST(fetch_now(request_to(server))->body == "hello");
    BOOST_TEST(pool.idle() == 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_cut_short_is_a_failure) {
    scripted_server server(home,
                           {{{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", after::close}},
                            {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", after::close}},
                            {{"HTTP/1.1 20", after::close}},
                            {{"HTTP/1.1 200 OK\r\n\r\nhello", after::reset}}});
    for (int i = 0; i < 4; ++i)
        BOOST_TEST_CONTEXT(i) BOOST_TEST((why(request_to(server)) == reason::upstream_invalid));
    BOOST_TEST(server.requests.size() == 4u);
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_a_failure_and_closes_the_connection) {
    scripted_server server(home, {{{"SSH-2.0-OpenSSH\r\n\r\n"}}});
    BOOST_TEST((why(request_to(server)) == reason::upstream_invalid));
    BOOST_TEST(pool.idle() == 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_larger_than_asked_for_is_a_failure) {
    scripted_server server(home, {{{answer_of("123456")}}, {{answer_of("12345")}}});
    auto request = request_to(server);
    request.max_body = 5;
    BOOST_TEST((why(request) == reason::upstream_invalid));
    BOOST_TEST(fetch_now(request)->body == "12345");
}

BOOST_AUTO_TEST_CASE(redirects_are_not_followed) {
    scripted_server server(home, {{{"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n"}}});
    const auto answer = fetch_now(request_to(server));
    BOOST_TEST(answer->status == 302u);
    BOOST_TEST(answer->field("location") == "/y");
    BOOST_TEST(server.requests.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_no_body) {
    scripted_server server(home, {{{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}, {answer_of("2")}}});
    auto request = request_to(server);
    request.method = "HEAD";
    BOOST_TEST(fetch_now(std::move(request))->body == "");
    BOOST_TEST(fetch_now(request_to(server))->body == "2");
    BOOST_TEST(server.connections == 1u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_while_the_body_is_sent_is_taken) {
    const std::string refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n{}";
    scripted_server server(home, {{{refusal, after::keep, true}}});
    auto request = request_to(server);
    request.method = "POST";
    request.body.assign(8'000'000, 'x');
    const auto answer = fetch_now(std::move(request));
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->status == 413u);
}

BOOST_AUTO_TEST_CASE(a_secret_field_and_a_secret_body_go_as_others_do) {
    scripted_server server(home, {{{answer_of("1")}}});
    auto request = request_to(server);
    request.method = "POST";
    request.body = "no";
    request.secret_body = std::make_shared<const secret>(secret::copy_of("assertion=secret"));
    add_secret_field(request, "authorization", "Bearer ", "token");
    BOOST_TEST(fetch_now(std::move(request))->body == "1");
    BOOST_TEST(server.requests.at(0).ends_with("Content-Length: 16\r\n\r\nassertion=secret"));
    BOOST_TEST(server.requests.at(0).find("\r\nauthorization: Bearer token\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_secret_field_cannot_add_lines) {
    scripted_server server(home, {{{answer_of("1")}}});
    auto request = request_to(server);
    add_secret_field(request, "x-key", "", "a\r\nb: c");
    BOOST_TEST(try_fetch(std::move(request)).was_bug);
}

BOOST_AUTO_TEST_SUITE_END()
