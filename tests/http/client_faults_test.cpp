#include "client_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::http;
using namespace byot::http::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(client_faults, client_fixture)

BOOST_AUTO_TEST_CASE(nobody_listening_is_unreachable) {
    std::optional<scripted_server> server(std::in_place, home, std::deque<std::vector<turn>>{});
    const auto request = request_to(*server);
    server.reset();
    BOOST_TEST((why(request) == reason::upstream_unreachable));
}

BOOST_AUTO_TEST_CASE(silence_ends_at_the_limit) {
    scripted_server server(home, {{{""}}});
    auto request = request_to(server);
    request.limit = steady_now() + 150ms;
    const auto began = steady_now();
    BOOST_TEST((why(std::move(request)) == reason::upstream_timeout));
    BOOST_TEST((steady_now() - began >= 150ms));
    BOOST_TEST(pool.idle() == 0u);
}

BOOST_AUTO_TEST_CASE(half_an_answer_ends_at_the_limit_too) {
    scripted_server server(home, {{{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"}}});
    auto request = request_to(server);
    request.limit = steady_now() + 150ms;
    BOOST_TEST((why(std::move(request)) == reason::upstream_timeout));
}

BOOST_AUTO_TEST_CASE(a_get_that_dies_on_a_used_connection_is_sent_once_more_on_a_new_one) {
    for (const auto end : {after::close, after::reset}) {
        scripted_server server(home, {{{answer_of("1")}, {"", end}}, {{answer_of("2")}}});
        BOOST_TEST(fetch_now(request_to(server))->body == "1");
        BOOST_TEST(fetch_now(request_to(server, "/again"))->body == "2");
        BOOST_TEST(server.connections == 2u);
        BOOST_TEST(server.requests.size() == 3u);
        BOOST_TEST(server.requests.at(1) == server.requests.at(2));
    }
}

BOOST_AUTO_TEST_CASE(the_new_connection_is_no_other_idle_one) {
    scripted_server server(
        home,
        {{{answer_of("1")}, {"", after::close}}, {{answer_of("1")}, {"", after::close}}, {{answer_of("2")}}});
    run(fetch_both(pool, request_to(server)));
    BOOST_TEST(pool.idle() == 2u);
    BOOST_TEST(fetch_now(request_to(server))->body == "2");
    BOOST_TEST(server.connections == 3u);
}

BOOST_AUTO_TEST_CASE(it_is_not_sent_a_third_time) {
    scripted_server server(
        home, {{{answer_of("1")}, {"", after::close}}, {{"", after::close}}, {{answer_of("3")}}});
    BOOST_TEST(fetch_now(request_to(server))->body == "1");
    BOOST_TEST((why(request_to(server)) == reason::upstream_unreachable));
    BOOST_TEST(server.requests.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_get_that_dies_on_a_new_connection_is_not_sent_again) {
    scripted_server server(home, {{{"", after::close}}, {{answer_of("2")}}});
    BOOST_TEST((why(request_to(server)) == reason::upstream_unreachable));
    BOOST_TEST(server.requests.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_get_is_never_sent_again) {
    for (const auto* method : {"POST", "DELETE", "PATCH", "HEAD"}) {
        scripted_server server(home, {{{answer_of("1")}, {"", after::close}}, {{answer_of("2")}}});
        BOOST_TEST(fetch_now(request_to(server))->body == "1");
        auto request = request_to(server);
        request.method = method;
        BOOST_TEST((why(std::move(request)) == reason::upstream_unreachable));
        BOOST_TEST(server.requests.size() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(a_get_whose_answer_had_begun_is_not_sent_again) {
    for (const auto* begun : {"H", "HTTP/1.1 100 Continue\r\n\r\n"}) {
        scripted_server server(home, {{{answer_of("1")}, {begun, after::close}}, {{answer_of("2")}}});
        BOOST_TEST(fetch_now(request_to(server))->body == "1");
        BOOST_TEST((why(request_to(server)) == reason::upstream_invalid));
        BOOST_TEST(server.requests.size() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(a_get_that_times_out_is_not_sent_again) {
    scripted_server server(home, {{{answer_of("1")}, {""}}, {{answer_of("2")}}});
    BOOST_TEST(fetch_now(request_to(server))->body == "1");
    auto request = request_to(server);
    request.limit = steady_now() + 150ms;
    BOOST_TEST((why(std::move(request)) == reason::upstream_timeout));
    BOOST_TEST(server.requests.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_request_that_could_smuggle_is_a_bug_and_is_not_sent) {
    scripted_server server(home, {{{answer_of("1")}}});
    const std::vector<std::pair<std::string, std::string>> bad{{"X-A", "b\r\nX-C: d"},
                                                               {"X-A", "b\n"},
                                                               {"X-A", "\r"},
                                                               {"X\r\nA", "b"},
                                                               {"", "b"},
                                                               {"X A", "b"},
                                                               {"Content-Length", "1"},
                                                               {"host", "other"},
                                                               {"Connection", "close"},
                                                               {"X-A", "b\x7f"},
                                                               {"Transfer-Encoding", "chunked"}};
    for (const auto& field : bad) {
        auto request = request_to(server);
        request.fields = {field};
        BOOST_TEST_CONTEXT(field.first) BOOST_TEST(try_fetch(std::move(request)).was_bug);
    }
    for (const auto* path : {"/a b", "/a\r\nX: y", "a", "/a#b", "/\xc3\xa9"}) {
        auto request = request_to(server);
        request.address.path = path;
        BOOST_TEST_CONTEXT(path) BOOST_TEST(try_fetch(std::move(request)).was_bug);
    }
    for (const auto* method : {"", "GET /y HTTP/1.1\r\n", "G T"}) {
        auto request = request_to(server);
        request.method = method;
        BOOST_TEST_CONTEXT(method) BOOST_TEST(try_fetch(std::move(request)).was_bug);
    }
    auto query = request_to(server);
    query.address.query = "a=b c";
    BOOST_TEST(try_fetch(std::move(query)).was_bug);
    BOOST_TEST(server.connections == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
