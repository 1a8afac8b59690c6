#include "http/local_server.hpp"

#include "net/connector.hpp"
#include "net/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <stdexcept>

using namespace byot;
using namespace byot::http;

namespace {

/// Answers what it was asked; "/stream" in pieces, "/bug" not at all.
struct echo final : local_service {
    task<void> answer(local_exchange& asked) override {
        if (asked.path() == "/bug") throw std::runtime_error("a bug");
        if (asked.path() == "/stream") {
            asked.begin_stream("text/plain");
            for (const std::string_view word : {"one", "two"}) {
                const bool is_sent = co_await asked.write(word);
                if (!is_sent) co_return;
            }
            co_await asked.finish("three");
            co_return;
        }
        response answer(
            200, fmt::format("{} {} {} {}", asked.method(), asked.path(), asked.field("x-a"), asked.body()));
        co_await asked.respond(std::move(answer));
    }
};

struct local_server_fixture : net::testing::reactor_fixture {
    echo service;
    local_server server{home, 0, 16, service};
    net::connector open{home, net::make_client_tls()};

    local_server_fixture() { server.start(); }
    ~local_server_fixture() { run(server.drain(steady_now())); }

    /// Sends the bytes and gives what comes until the server ends, or until `last` came.
    task<void> exchange(std::string bytes, std::string last, std::string& came) {
        const byot::origin where{false, "127.0.0.1", server.port()};
        auto opened = co_await open.connect(where, net::testing::soon());
        BOOST_REQUIRE(opened.has_value());
        auto& peer = **opened;
        peer.expire_at(net::testing::soon());
        co_await peer.send(bytes);
        for (;;) {
            const auto outcome = co_await peer.receive();
            came += peer.received();
            peer.consume(peer.received().size());
            if (outcome != net::receive_outcome::arrived) break;
            if (!last.empty() && came.ends_with(last)) break;
        }
    }
    std::string ask(std::string bytes, std::string last = {}) {
        std::string came;
        run(exchange(std::move(bytes), std::move(last), came));
        return came;
    }
};

constexpr std::string_view closing = "Host: x\r\nConnection: close\r\n\r\n";

} // namespace

BOOST_FIXTURE_TEST_SUITE(local_servers, local_server_fixture)

BOOST_AUTO_TEST_CASE(a_request_is_answered_and_the_connection_kept) {
    const auto came = ask("POST /a?b=c HTTP/1.1\r\nHost: x\r\nX-A: y\r\nContent-Length: 2\r\n\r\n{}"
                          "GET /last HTTP/1.1\r\n" +
                          std::string(closing));
    BOOST_TEST(came.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    BOOST_TEST(came.find("\r\nContent-Length: 12\r\n") != std::string::npos);
    BOOST_TEST(came.find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string::npos);
    BOOST_TEST(came.find("\r\n\r\nPOST /a y {}HTTP/1.1 200 OK\r\n") != std::string::npos);
    BOOST_TEST(came.ends_with("\r\n\r\nGET /last  "));
    BOOST_TEST(came.find("\r\nConnection: close\r\n") > came.find("POST /a"));
}

BOOST_AUTO_TEST_CASE(a_request_may_come_in_any_pieces_and_in_chunks) {
    const auto came =
        ask("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: x\r\nConnection: close\r\n\r\n"
            "3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n");
    BOOST_TEST(came.ends_with("POST /  abcde"));
}

BOOST_AUTO_TEST_CASE(a_stream_comes_in_chunks_and_the_connection_is_kept) {
    const auto came = ask("GET /stream HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n" + std::string(closing));
    BOOST_TEST(came.find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos);
    BOOST_TEST(came.find("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\nHTTP/1.1 200") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_no_body) {
    const auto came = ask("HEAD / HTTP/1.1\r\n" + std::string(closing));
    BOOST_TEST(came.find("\r\nContent-Length: 8\r\n") != std::string::npos);
    BOOST_TEST(came.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_for_leave_gets_it) {
    const auto came =
        ask("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", "\r\n\r\n");
    BOOST_TEST(came == "HTTP/1.1 100 Continue\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_refused_and_the_connection_ends) {
    const std::string many(40 * 1024, 'x');
    const std::vector<std::pair<std::string, std::string>> refused{
        {"HELLO\r\n\r\n", "400 Bad Request"},
        {"GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
        {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400 Bad Request"},
        {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "400 Bad Request"},
        {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", "400 Bad Request"},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "400 Bad Request"},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
         "400 Bad Request"},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
         "400 Bad Request"},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n;\r\n", "400 Bad Request"},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n", "413 Content Too Large"},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n", "413 Content Too Large"},
        {"GET / HTTP/1.1\r\nHost: x\r\nX: " + many + "\r\n\r\n", "431 Request Header Fields Too Large"},
    };
    for (const auto& [bytes, status] : refused) {
        BOOST_TEST_CONTEXT(bytes.substr(0, 100)) {
            const auto came = ask(bytes);
            BOOST_TEST(came.starts_with("HTTP/1.1 " + status + "\r\n"));
            BOOST_TEST(came.find("\r\nConnection: close\r\n") != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(more_fields_than_there_is_room_for_end_the_connection) {
    std::string fields;
    for (int i = 0; i < 5000; ++i) fields += "a:\r\n";
    BOOST_TEST(ask("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n").find("200 OK") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_bug_in_the_service_is_told_as_one) {
    BOOST_TEST(ask("GET /bug HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 500 "));
}

BOOST_AUTO_TEST_CASE(an_idle_connection_ends_when_the_server_does) {
    std::string came;
    struct {
        task<void> operator()(local_server_fixture& with, std::string& into) const {
            byot::async_event over;
            spawn(tell(with, into, over));
            while (into.empty()) co_await with.home.sleep_until(steady_now() + std::chrono::milliseconds(1));
            co_await with.server.drain(steady_now());
            co_await over.wait();
        }
        static task<void> tell(local_server_fixture& with, std::string& into, byot::async_event& over) {
            std::string bytes = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
            std::string last;
            co_await with.exchange(std::move(bytes), std::move(last), into);
            over.notify();
        }
    } both;
    run(both(*this, came));
    BOOST_TEST(came.ends_with("GET /  "));
}

BOOST_AUTO_TEST_SUITE_END()
