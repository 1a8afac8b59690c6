#include "http/check_head.hpp"

#include "http/checked_request.hpp"

#include <boost/test/unit_test.hpp>

namespace byot::http {
namespace {

using namespace std::literals;
using test::checked_request;
using test::legible;
using test::request_of;
using test::with_fields;
using test::with_host;
using test::with_target;

} // namespace

BOOST_AUTO_TEST_SUITE(check_head_rules)

BOOST_AUTO_TEST_CASE(a_plain_request_is_accepted_and_taken_apart) {
    const auto request = with_target("GET", "/api/key/status?a=/..&b");
    BOOST_TEST(request->path == "/api/key/status");
    BOOST_TEST(request->query == "a=/..&b");
    BOOST_TEST(request->host == "byot.example");
    BOOST_TEST(request->keeps_alive);
    BOOST_TEST(!request->expects_continue);
    BOOST_TEST(request->body.is_finished());
}

BOOST_AUTO_TEST_CASE(a_request_without_exactly_one_valid_host_is_refused) {
    BOOST_TEST(!checked_request("GET / HTTP/1.1\r\nX: 1\r\n\r\n").is_accepted());
    BOOST_TEST(!with_fields("Host: byot.example\r\n").is_accepted());
    BOOST_TEST(!with_fields("Host: other.example\r\n").is_accepted());
    for (const auto& host : {""s,
                             "user@evil.example"s,
                             "a b"s,
                             "a,b"s,
                             "a, b"s,
                             "a/b"s,
                             "a/"s,
                             "a?b"s,
                             "a#b"s,
                             "a:b"s,
                             "a:-1"s,
                             "a:65536"s,
                             "a:99999999999999999999"s,
                             "a:80:80"s,
                             ":80"s,
                             "http://a"s,
                             "a%00"s,
                             "a%61"s,
                             "\"a\""s,
                             "a\\b"s,
                             "<a>"s,
                             "[::1"s,
                             "::1"s,
                             "[]"s,
                             "[::1]x"s,
                             "[::1]:x"s,
                             "[::g]"s,
                             "[1.2.3.4]"s,
                             "[v1.a]"s,
                             "[fe80::1%25eth0]"s,
                             "caf\xc3\xa9"s,
                             "a\tb"s,
                             "a;b"s,
                             "*"s}) {
        BOOST_TEST(!with_host(host).is_accepted(), legible(host));
    }
}

BOOST_AUTO_TEST_CASE(only_http_1_0_may_lack_a_host) {
    const auto old = [](std::string_view rest) {
        return checked_request(fmt::format("GET {}\r\n\r\n", rest));
    };
    BOOST_TEST(old("/ HTTP/1.0")->host == "");
    BOOST_TEST(old("/ HTTP/1.0\r\nHost: a.example")->host == "a.example");
    BOOST_TEST(old("http://a.example/ HTTP/1.0")->host == "a.example");
    BOOST_TEST(!old("/ HTTP/1.1").is_accepted());
    BOOST_TEST(!old("http://a.example/ HTTP/1.1").is_accepted());
    BOOST_TEST(!old("/ HTTP/1.0\r\nHost:").is_accepted());
    BOOST_TEST(!old("/ HTTP/1.0\r\nHost: a/b").is_accepted());
    BOOST_TEST(!old("/ HTTP/1.0\r\nHost: a\r\nHost: a").is_accepted());
    BOOST_TEST(!old("http://a.example/ HTTP/1.0\r\nHost: b.example").is_accepted());
}

BOOST_AUTO_TEST_CASE(a_content_length_that_is_not_one_decimal_number_is_refused) {
    for (const auto value : {"",
                             "-1",
                             "-0",
                             "+5",
                             "0x5",
                             "0o5",
                             "5x",
                             "x5",
                             "5.0",
                             "5e0",
                             "1 0",
                             "5,",
                             ",5",
                             "5, 5",
                             "5,5",
                             "5;a",
                             "\"5\"",
                             "1_0",
                             "\xef\xbc\x95",
                             "\xc2\xa0"
                             "5",
                             "10000000000000000000",
                             "18446744073709551621",
                             "00000000000000000005"}) {
        BOOST_TEST(!with_fields(fmt::format("Content-Length: {}\r\n", value)).is_accepted(), legible(value));
    }
    BOOST_TEST(!with_fields("Content-Length: 5\r\nContent-Length: 5\r\n").is_accepted());
    BOOST_TEST(!with_fields("Content-Length: 0\r\ncontent-length: 34\r\n").is_accepted());
}

BOOST_AUTO_TEST_CASE(a_content_length_is_decimal_whatever_stands_before_or_behind_it) {
    const auto length_of = [](std::string_view line) { return with_fields(line)->body.length().value(); };
    BOOST_TEST(length_of("Content-Length: 5\r\n") == 5u);
    BOOST_TEST(length_of("Content-Length:5\r\n") == 5u);
    BOOST_TEST(length_of("Content-Length:\t5 \t\r\n") == 5u);
    BOOST_TEST(length_of("Content-Length: 010\r\n") == 10u);
    BOOST_TEST(length_of("Content-Length: 00\r\n") == 0u);
    BOOST_TEST(length_of("Content-Length: 9999999999999999999\r\n") == 9999999999999999999u);
    BOOST_TEST(length_of("") == 0u);
    BOOST_TEST(length_of("Content_Length: 99\r\nContent-Length: 5\r\n") == 5u);
    BOOST_TEST(length_of("Transfer_Encoding: chunked\r\nContent-Length: 5\r\n") == 5u);
    BOOST_TEST(length_of("Content-Encoding: chunked\r\nContent-Length: 5\r\n") == 5u);
}

BOOST_AUTO_TEST_CASE(a_transfer_encoding_that_is_not_chunked_alone_is_refused) {
    for (const auto& value : {""s,
                              "gzip"s,
                              "identity"s,
                              "blegh"s,
                              "gzip, chunked"s,
                              "chunked, gzip"s,
                              "chunked, chunked"s,
                              ",chunked"s,
                              ", chunked"s,
                              "chunked,"s,
                              "chunked;a=b"s,
                              "\"chunked\""s,
                              "'chunked'"s,
                              "xchunked"s,
                              "chunkedx"s,
                              "chunk"s,
                              "chun ked"s,
                              "chunked chunked"s,
                              "\xff"
                              "chunked"s,
                              "chunked\xa0"s,
                              "chunke\xc4\x91"s}) {
        BOOST_TEST(!with_fields(fmt::format("Transfer-Encoding: {}\r\n", value)).is_accepted(),
                   legible(value));
    }
    BOOST_TEST(!with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n").is_accepted());
    BOOST_TEST(!with_fields("Transfer-Encoding: chunked\r\ntransfer-encoding: identity\r\n").is_accepted());
    BOOST_TEST(!with_fields("Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n").is_accepted());
    BOOST_TEST(
        !checked_request(request_of("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n")).is_accepted());
}

BOOST_AUTO_TEST_CASE(chunked_is_understood_in_any_case_with_blanks_around) {
    for (const auto value : {"chunked", "CHUNKED", "Chunked", "\tchunked", " chunked \t"}) {
        BOOST_TEST(with_fields(fmt::format("Transfer-Encoding:{}\r\n", value))->body.is_chunked(), value);
    }
}

BOOST_AUTO_TEST_CASE(a_length_and_an_encoding_together_are_refused_in_either_order) {
    BOOST_TEST(!with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n").is_accepted());
    BOOST_TEST(!with_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n").is_accepted());
    BOOST_TEST(!with_fields("Transfer-Encoding: identity\r\nContent-Length: 0\r\n").is_accepted());
}

BOOST_AUTO_TEST_CASE(a_field_of_one_value_may_not_come_twice_and_a_list_may) {
    const struct {
        std::string_view name;
        std::string_view value;
        bool is_list;
    } rows[] = {
        {"Accept", "text/html", true},
        {"Accept-Language", "de", true},
        {"Access-Control-Request-Headers", "a", true},
        {"Access-Control-Request-Method", "POST", false},
        {"Authorization", "Bearer a", false},
        {"Baggage", "a=b", true},
        {"Connection", "keep-alive", true},
        {"Content-Encoding", "identity", true},
        {"Content-Length", "5", false},
        {"Content-Type", "application/json", false},
        {"Expect", "100-continue", true},
        {"Host", "byot.example", false},
        {"Origin", "https://app.example", false},
        // Telemetry: such a request has no trace, and is answered all the same.
        {"Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true},
        {"Tracestate", "a=b", true},
        {"Transfer-Encoding", "chunked", false},
        {"X-Byot-Provider", "openai", false},
        {"X-Cloud-Trace-Context", "a", true},
        {"X-Firebase-AppCheck", "a", false},
        // Whoever takes tokens from it refuses it twice, and for all others it is not there.
        {"X-Forwarded-Authorization", "Bearer a", true},
        {"X-Forwarded-For", "192.0.2.1", true},
        {"X-Genkit-Stream-Id", "a", false},
        {"X-Other", "a", true},
    };
    std::size_t known = 0;
    for (const auto& [name, value, is_list] : rows) {
        BOOST_TEST_CONTEXT(name) {
            if (find_field(name) != field::unknown) ++known;
            const auto line = fmt::format("{}: {}\r\n", name, value);
            if (name != "Host") BOOST_TEST(with_fields(line).is_accepted());
            BOOST_TEST(with_fields(line + line).is_accepted() == is_list);
            BOOST_TEST(with_fields(line + "A: b\r\n" + line).is_accepted() == is_list);
        }
    }
    BOOST_TEST(known == field_count); // each known field has its row
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_only_when_nothing_speaks_against_it) {
    const auto keeps = [](std::string_view version, std::string_view fields) {
        return checked_request(request_of(fmt::format("GET / HTTP/{}", version), fields))->keeps_alive;
    };
    BOOST_TEST(keeps("1.1", ""));
    BOOST_TEST(keeps("1.1", "Connection: keep-alive\r\n"));
    BOOST_TEST(keeps("1.1", "Connection: closed, Upgrade, HTTP2-Settings\r\n"));
    BOOST_TEST(!keeps("1.1", "Connection: close\r\n"));
    BOOST_TEST(!keeps("1.1", "Connection: Close\r\n"));
    BOOST_TEST(!keeps("1.1", "Connection: keep-alive ,\t cLoSe\r\n"));
    BOOST_TEST(!keeps("1.1", "Connection: ,,close,\r\n"));
    BOOST_TEST(!keeps("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
    BOOST_TEST(!keeps("1.1", "Connection: close\r\nConnection: keep-alive\r\n"));
    BOOST_TEST(!keeps("1.1", "Connection:\r\nA: b\r\nConnection: a,\r\nCONNECTION: b, CLOSE\r\n"));
    BOOST_TEST(keeps("1.1", "Connection: keep-alive\r\nConnection: Upgrade\r\n"));
    BOOST_TEST(keeps("1.1", "Connection: Keep-Alive, Upgrade\r\n"));
    BOOST_TEST(!keeps("1.0", ""));
    BOOST_TEST(!keeps("1.0", "Connection: keep-alive\r\n"));
}

BOOST_AUTO_TEST_CASE(only_the_one_known_expectation_is_accepted) {
    BOOST_TEST(with_fields("Expect: 100-continue\r\nContent-Length: 5\r\n")->expects_continue);
    BOOST_TEST(with_fields("Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n")->expects_continue);
    BOOST_TEST(!with_fields("Expect: 100-continue\r\n")->expects_continue);
    BOOST_TEST(!with_fields("Expect: 100-continue\r\nContent-Length: 0\r\n")->expects_continue);
    const auto old = request_of("POST / HTTP/1.0", "Expect: 100-continue\r\nContent-Length: 5\r\n");
    BOOST_TEST(!checked_request(old)->expects_continue);
    BOOST_TEST(with_fields("Expect: ,100-continue, 100-CONTINUE\r\nContent-Length: 5\r\n")->expects_continue);
    BOOST_TEST(with_fields("Expect: 100-continue\r\nExpect:\r\nContent-Length: 5\r\n")->expects_continue);
    BOOST_TEST(!with_fields("Expect:\r\nContent-Length: 5\r\n")->expects_continue);
    BOOST_TEST(!with_fields("Expect: 100-continue\r\nExpect: b\r\nContent-Length: 5\r\n").is_accepted());
    for (const auto value : {"200-ok", "100-continue, b", "b, 100-continue", "100-continue;a", "100"}) {
        BOOST_TEST(!with_fields(fmt::format("Expect: {}\r\nContent-Length: 5\r\n", value)).is_accepted(),
                   value);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http

namespace byot::http {
namespace {

using namespace std::literals;
using test::with_host;
using test::with_target;

} // namespace

BOOST_AUTO_TEST_SUITE(request_target_rules)

BOOST_AUTO_TEST_CASE(names_and_addresses_with_and_without_port_are_hosts) {
    for (const auto& host : {"byot.example"s, "byot.example:8080"s, "localhost:65535"s, "127.0.0.1:1"s,
                             "[::1]"s, "[::1]:8080"s, "[2001:db8::1.2.3.4]"s, "a_b-c~d.example"s, "a:"s}) {
        const auto request = with_host(host);
        BOOST_TEST(request.is_accepted(), host);
        BOOST_TEST(request->host == host);
    }
}

BOOST_AUTO_TEST_CASE(a_target_of_none_of_the_forms_is_refused) {
    for (const auto& target : {"!"s,
                               "api/key"s,
                               "?a"s,
                               "byot.example"s,
                               "byot.example:80"s,
                               "ftp://byot.example/"s,
                               "http:/a"s,
                               "http:///a"s,
                               "http://"s,
                               "https://?a"s,
                               "http:byot.example"s,
                               "http://user@byot.example/"s,
                               "http://byot.example:x/"s,
                               "http://byot.example/#f"s,
                               "/a#f"s,
                               "/#"s,
                               "/?a#f"s,
                               "*/"s,
                               "**"s,
                               "*?a"s,
                               "\\api"s,
                               "http:\\\\byot.example\\"s,
                               "#"s,
                               "%2fapi"s}) {
        BOOST_TEST(!with_target("GET", target).is_accepted(), target);
        BOOST_TEST(!with_target("OPTIONS", target).is_accepted(), target);
    }
}

BOOST_AUTO_TEST_CASE(the_absolute_form_is_accepted_when_it_names_the_host) {
    const auto request = with_target("GET", "http://byot.example/a?b=c");
    BOOST_TEST(request->path == "/a");
    BOOST_TEST(request->query == "b=c");
    BOOST_TEST(request->host == "byot.example");
    BOOST_TEST(with_target("GET", "HTTPS://BYOT.Example/a")->path == "/a");
    BOOST_TEST(with_target("GET", "http://byot.example")->path == "/");
    BOOST_TEST(with_target("GET", "http://byot.example?a")->path == "/");
    BOOST_TEST(with_target("GET", "http://byot.example?a")->query == "a");
    BOOST_TEST(with_target("OPTIONS", "http://byot.example")->path == "*");
    BOOST_TEST(with_target("OPTIONS", "http://byot.example/")->path == "/");
    for (const auto target :
         {"http://other.example/a", "http://byot.example:80/a", "http://byot.example.evil/",
          "http://byot.exampl/", "http://byot.example/../a"}) {
        BOOST_TEST(!with_target("GET", target).is_accepted(), target);
    }
}

BOOST_AUTO_TEST_CASE(the_asterisk_is_for_options_alone) {
    BOOST_TEST(with_target("OPTIONS", "*")->path == "*");
    for (const auto method : {"GET", "POST", "options", "TRACE"}) {
        BOOST_TEST(!with_target(method, "*").is_accepted(), method);
    }
}

BOOST_AUTO_TEST_CASE(connect_is_refused_in_every_form_and_other_methods_are_left_to_the_routes) {
    for (const auto target : {"/a", "byot.example:443", "http://byot.example/", "*"}) {
        BOOST_TEST(!with_target("CONNECT", target).is_accepted(), target);
    }
    for (const auto method : {"TRACE", "get", "BREW", "M-SEARCH", "CONNECTED", "connect"}) {
        BOOST_TEST(with_target(method, "/a").is_accepted(), method);
    }
}

BOOST_AUTO_TEST_CASE(a_path_that_readers_could_take_differently_is_refused) {
    for (const auto path : {"/.",
                            "/..",
                            "/a/./b",
                            "/a/../b",
                            "/a/..",
                            "/../a",
                            "/%2e",
                            "/%2E%2e/a",
                            "/a/.%2e/b",
                            "/a/%2e./b",
                            "/a/%2e%2e",
                            "/a/..;/b",
                            "/a/..;x=1/b",
                            "/a/.;/b",
                            "/a/%2e%2e;/b",
                            "/a/..%3b/b",
                            "/a%2fb",
                            "/a%2Fb",
                            "/a/..%2fadmin",
                            "/a%5cb",
                            "/a%5Cb",
                            "/a\\b",
                            "/..\\a",
                            "/a%00",
                            "/a%00.html",
                            "/a%0d%0aX:%20y",
                            "/a%0a",
                            "/a%09",
                            "/a%1f",
                            "/a%7f",
                            "/a%",
                            "/a%2",
                            "/a%zz",
                            "/a%2g",
                            "/a%%32f",
                            "/%c0%ae%c0%ae/",
                            "/%c0%af",
                            "/%e0%80%af",
                            "/%f0%80%80%af",
                            "/%ff",
                            "/%80",
                            "/%c3",
                            "/%c3a",
                            "/%c3%",
                            "/%ed%a0%80",
                            "/%f4%90%80%80",
                            "/%u002e",
                            "/a^\\b",
                            "/^/../b",
                            "/a|/.%2e/b",
                            "/[..]/..",
                            "/..;^/a",
                            "/^%2f",
                            "/^%00",
                            "/^%",
                            "/caf\xc3\xa9",
                            "/\xe2\x82\xac"}) {
        BOOST_TEST(!is_safe_path(path), path);
        // The scan itself takes visible ASCII alone.
        if (std::string_view(path).find_first_of("\xc3\xe2") != std::string_view::npos) continue;
        BOOST_TEST(!with_target("GET", path).is_accepted(), path);
        BOOST_TEST(!with_target("GET", "http://byot.example"s + path + "?q").is_accepted(), path);
    }
}

BOOST_AUTO_TEST_CASE(a_path_may_hold_what_clients_leave_raw_in_it) {
    for (const auto path : {"/a^b", "/a|b", "/a[b]", "/[]", "/{id}", "/a`b", "/a\"b\"", "/<a>", "/^..",
                            "/..^", "/.[.]", "/a/|", "/^", "/a^b;c=[d]", "/%5e^"}) {
        BOOST_TEST(with_target("POST", path)->path == path);
        BOOST_TEST(with_target("POST", "http://byot.example"s + path + "?q=^")->path == path);
        BOOST_TEST(with_target("POST", path + "?q=^"s)->query == "q=^");
    }
}

BOOST_AUTO_TEST_CASE(each_byte_of_a_path_is_taken_or_refused_as_the_table_says) {
    const auto taken = "-._~!$&'()*+,;=:@/0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                       "\"<>[]^`{|}"s;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const std::string path = "/a"s + static_cast<char>(byte) + "b";
        const bool is_taken = taken.find(static_cast<char>(byte)) != std::string::npos;
        BOOST_TEST(is_safe_path(path) == is_taken, "byte " << byte);
    }
}

BOOST_AUTO_TEST_CASE(a_path_that_everybody_reads_alike_is_passed_as_it_is) {
    for (const auto path :
         {"/",      "//",         "/a//b", "/...",   "/a/.../b",   "/.a",        "/a.",           "/..a",
          "/a..",   "/%2e%2e%2e", "/%2ea", "/a%20b", "/caf%c3%a9", "/%E2%82%AC", "/%f0%9f%98%80", "/a%252fb",
          "/a%3fb", "/a%23b",     "/a%25", "/a;b=c", "/;",         "/a:b@c",     "/!$&'()*+,=~_-"}) {
        BOOST_TEST(with_target("GET", path)->path == path);
    }
}

BOOST_AUTO_TEST_CASE(a_query_may_hold_what_browsers_leave_in_it) {
    for (const auto query : {"", "a=%", "a=%zz", "%00", "a=../..", "a=/b?c", "[a]={b}|c^`\\", "a='b'"}) {
        BOOST_TEST(with_target("GET", "/a?"s + query)->query == query);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http
