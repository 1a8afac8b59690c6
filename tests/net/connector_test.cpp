#include "net/connector.hpp"
#include "net/fixture.hpp"
#include "net/tls_server.hpp"

#include <boost/asio/ssl/context.hpp>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

struct connector_fixture : reactor_fixture {
    std::shared_ptr<boost::asio::ssl::context> tls = make_client_tls();
    connector open{home, tls};

    void trust(const identity& who) const {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(tls->native_handle()), who.certificate.get());
    }
    task<std::unique_ptr<connection>> connect(origin where) {
        auto opened = co_await open.connect(where, soon());
        BOOST_REQUIRE_MESSAGE(opened.has_value(), "no connection");
        co_return std::move(*opened);
    }
    /// Why it fails to connect, and what is said about it.
    failure refusal(origin where, steady_time limit) {
        std::optional<failure> why;
        auto body = [&]() -> task<void> {
            auto opened = co_await open.connect(where, limit);
            BOOST_REQUIRE(opened.has_error());
            why = opened.error();
        };
        run(body());
        return *why;
    }
    failure tls_refusal(const identity& who, bool is_known, const std::string& host) {
        if (is_known) trust(who);
        tls_server server(who, [](SSL*, raw_socket&) {});
        auto why = refusal({true, host, server.port()}, soon());
        return why;
    }
};

/// Answers everything it is sent, until the client ends.
void echo(SSL* tls, raw_socket&) {
    char room[16384];
    for (;;) {
        const auto count = SSL_read(tls, room, sizeof room);
        if (count <= 0 || SSL_write(tls, room, count) != count) break;
    }
    SSL_shutdown(tls);
}

void say_bye(SSL* tls, raw_socket&) {
    SSL_write(tls, "bye", 3);
    SSL_shutdown(tls);
}

void cut_off(SSL* tls, raw_socket& client) {
    SSL_write(tls, "half", 4);
    client.end();
}

/// Listens on a free port of ::1; port 0 where there is none.
struct raw_listener_v6 {
    raw_socket socket{::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)};

    raw_listener_v6() {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_addr = in6addr_loopback;
        const auto failed =
            ::bind(socket.native(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
        if (failed || ::listen(socket.native(), 64) != 0) socket.close();
    }
    std::uint16_t port() const {
        sockaddr_in6 address{};
        socklen_t size = sizeof address;
        ::getsockname(socket.native(), reinterpret_cast<sockaddr*>(&address), &size);
        return ntohs(address.sin6_port);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(connectors, connector_fixture)

BOOST_AUTO_TEST_CASE(localhost_is_this_machine_in_both_families_whoever_is_asked) {
    const raw_listener v4;
    const raw_listener_v6 v6;
    auto body = [&]() -> task<void> {
        // No file of hosts names the last one, and no other resolver should.
        for (const char* name : {"localhost", "LocalHost", "localhost.", "flows.localhost"}) {
            const origin to_v4{false, name, v4.port()};
            const auto first = co_await connect(to_v4);
            BOOST_TEST(first->is_open());
            if (v6.port() == 0) continue; // a machine without IPv6
            const origin to_v6{false, name, v6.port()};
            const auto second = co_await connect(to_v6);
            BOOST_TEST(second->is_open());
        }
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(only_names_at_and_below_localhost_are_its) {
    for (const char* name : {"localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.LocalHost."})
        BOOST_TEST(is_localhost(name), name);
    for (const char* name : {"", ".", "host", "localhos", "notlocalhost", "localhost.example", "localhost..",
                             "a-localhost", "127.0.0.1", "localhost.localdomain"})
        BOOST_TEST(!is_localhost(name), name);
}

BOOST_AUTO_TEST_CASE(a_name_is_looked_up_and_connected_to) {
    const raw_listener server;
    auto body = [&]() -> task<void> {
        const origin where{false, "localhost", server.port()};
        auto c = co_await connect(where);
        const auto peer = server.accept();
        const auto is_sent = co_await c->send("hello");
        BOOST_TEST(is_sent);
        BOOST_TEST(peer.receive() == "hello");
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_port_that_nobody_listens_on_is_unreachable) {
    const auto port = raw_listener().port();
    const auto why = refusal({false, "127.0.0.1", port}, soon());
    BOOST_TEST((why.why() == reason::upstream_unreachable));
}

BOOST_AUTO_TEST_CASE(a_name_without_an_address_is_unreachable) {
    const auto why = refusal({false, "no such name", 80}, soon());
    BOOST_TEST((why.why() == reason::upstream_unreachable));
}

BOOST_AUTO_TEST_CASE(a_limit_that_passed_is_a_timeout_and_the_lookup_ends_safely) {
    const auto why = refusal({false, "localhost", 80}, std::chrono::steady_clock::now());
    BOOST_TEST((why.why() == reason::upstream_timeout));
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_shake_hands_is_a_timeout) {
    const raw_listener silent;
    const auto why = refusal({true, "127.0.0.1", silent.port()}, std::chrono::steady_clock::now() + 50ms);
    BOOST_TEST((why.why() == reason::upstream_timeout));
}

BOOST_AUTO_TEST_CASE(a_server_that_speaks_no_tls_is_unreachable) {
    const raw_listener plain;
    std::thread server([&] { plain.accept().send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
    const auto why = refusal({true, "127.0.0.1", plain.port()}, soon());
    server.join();
    BOOST_TEST((why.why() == reason::upstream_unreachable));
}

BOOST_AUTO_TEST_CASE(what_is_asked_of_others_ends_with_the_outgoing_connections) {
    const raw_listener silent;
    bool is_open_refused = false;
    auto shake = [&]() -> task<void> {
        const origin where{true, "127.0.0.1", silent.port()};
        const auto opened = co_await open.connect(where, soon());
        is_open_refused = opened.has_error();
    };
    auto body = [&]() -> task<void> {
        const origin where{false, "127.0.0.1", silent.port()};
        auto opened = co_await open.connect(where, soon());
        BOOST_REQUIRE(opened.has_value());
        const pair incoming(home);
        spawn(shake());
        home.post([this] { home.end_outgoing(); });
        const auto outcome = co_await (*opened)->receive();
        BOOST_TEST((outcome == receive_outcome::failed));
        co_await home.sleep_until(std::chrono::steady_clock::now() + 1ms);
        BOOST_TEST(is_open_refused);
        BOOST_TEST(incoming.ours->is_open());
        const auto again = co_await open.connect(where, soon());
        BOOST_TEST(again.has_error());
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_caller_that_goes_while_connecting_is_not_resumed) {
    const raw_listener silent;
    auto caller = [&]() -> owned_coroutine {
        const origin where{true, "127.0.0.1", silent.port()};
        auto connecting = open.connect(where, soon());
        co_await connecting;
        BOOST_ERROR("resumed");
    };
    {
        auto waiting = caller();
    }
    auto body = [&]() -> task<void> { co_await home.sleep_until(std::chrono::steady_clock::now() + 5ms); };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_trusted_server_gets_its_name_and_http_and_echoes) {
    const auto who = make_identity({});
    trust(who);
    tls_server server(who, echo);
    const std::string text(1024 * 1024, 't');
    std::string back;
    auto body = [&]() -> task<void> {
        const origin where{true, "localhost", server.port()};
        auto c = co_await connect(where);
        byot::async_event sent;
        auto sender = [&]() -> task<void> {
            const auto is_sent = co_await c->send(text);
            BOOST_TEST(is_sent);
            sent.notify();
        };
        spawn(sender());
        while (back.size() < text.size()) {
            const auto outcome = co_await c->receive();
            BOOST_REQUIRE((outcome == receive_outcome::arrived));
            back += c->received();
            c->consume(c->received().size());
        }
        co_await sent.wait();
        BOOST_TEST(c->take_now(home.scratch()) == 0u);
    };
    run(body());
    server.join();
    BOOST_TEST((back == text));
    BOOST_TEST(server.server_name == "localhost");
    BOOST_TEST(server.protocol == "http/1.1");
}

BOOST_AUTO_TEST_CASE(an_address_is_checked_against_the_certificate_and_not_sent_as_a_name) {
    const auto who = make_identity({});
    trust(who);
    tls_server server(who, say_bye);
    auto body = [&]() -> task<void> {
        const origin where{true, "127.0.0.1", server.port()};
        auto c = co_await connect(where);
        auto outcome = receive_outcome::arrived;
        while (outcome == receive_outcome::arrived) outcome = co_await c->receive();
        BOOST_TEST(c->received() == "bye");
        BOOST_TEST((outcome == receive_outcome::ended));
    };
    run(body());
    server.join();
    BOOST_TEST(server.server_name.empty());
}

BOOST_AUTO_TEST_CASE(a_tls_stream_that_ends_without_notice_failed) {
    const auto who = make_identity({});
    trust(who);
    tls_server server(who, cut_off);
    auto body = [&]() -> task<void> {
        const origin where{true, "localhost", server.port()};
        auto c = co_await connect(where);
        auto outcome = receive_outcome::arrived;
        while (outcome == receive_outcome::arrived) outcome = co_await c->receive();
        BOOST_TEST(c->received() == "half");
        BOOST_TEST((outcome == receive_outcome::failed));
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_authority_is_refused) {
    const auto why = tls_refusal(make_identity({}), false, "localhost");
    BOOST_TEST((why.why() == reason::upstream_unreachable));
    BOOST_TEST(why.message() == "No TLS: self-signed certificate.");
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_name_is_refused) {
    const auto who = make_identity({"DNS:example.org,IP:127.0.0.2", -3600, 3600});
    BOOST_TEST(tls_refusal(who, true, "localhost").message() == "No TLS: hostname mismatch.");
    BOOST_TEST(tls_refusal(who, true, "127.0.0.1").message() == "No TLS: IP address mismatch.");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_has_expired_is_refused) {
    const certificate_wish wish{"DNS:localhost", -7200, -3600};
    BOOST_TEST(tls_refusal(make_identity(wish), true, "localhost").message() ==
               "No TLS: certificate has expired.");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_valid_yet_is_refused) {
    const certificate_wish wish{"DNS:localhost", 3600, 7200};
    BOOST_TEST(tls_refusal(make_identity(wish), true, "localhost").message() ==
               "No TLS: certificate is not yet valid.");
}

BOOST_AUTO_TEST_SUITE_END()
