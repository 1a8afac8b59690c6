// What the grammar has and clients send must be taken: each row with the rule that says so. What must be
// refused is in http1_cases.json and check_head_test.

#include "http/checked_request.hpp"

#include <boost/test/unit_test.hpp>

namespace byot::http {
namespace {

using test::checked_request;

struct allowed {
    std::string_view rule;
    std::string_view bytes;
};

constexpr allowed requests[] = {
    // RFC 9112 §2.2, §3
    {"an empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a later minor version", "GET / HTTP/1.9\r\nHost: a\r\n\r\n"},
    {"a method nobody registered", "M-SEARCH!#$%&'*+-.^_`|~ / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a scheme in capitals", "GET HTTP://a/b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a host in another case than the target's",
     "GET http://A.example/b HTTP/1.1\r\nHost: a.EXAMPLE\r\n\r\n"},
    {"an absolute target without a path", "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a query that is empty", "GET /? HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a query with slashes and question marks", "GET /?a/?b=/..? HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"hexadecimal in either case", "GET /%c3%A9 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"segments that are empty", "GET //a///b// HTTP/1.1\r\nHost: a\r\n\r\n"},
    // RFC 9110 §7.2, RFC 3986 §3.2
    {"a port that is empty", "GET / HTTP/1.1\r\nHost: a.example:\r\n\r\n"},
    {"port 0", "GET / HTTP/1.1\r\nHost: a.example:0\r\n\r\n"},
    {"a port with zeros before it", "GET / HTTP/1.1\r\nHost: a.example:00080\r\n\r\n"},
    {"an IPv6 address", "GET / HTTP/1.1\r\nHost: [2001:DB8::1]:8080\r\n\r\n"},
    {"a name with its root", "GET / HTTP/1.1\r\nHost: a.example.\r\n\r\n"},
    {"a name with an underscore", "GET / HTTP/1.1\r\nHost: my_service:80\r\n\r\n"},
    {"a host in blanks", "GET / HTTP/1.1\r\nHost:\t a \t\r\n\r\n"},
    // RFC 9112 §5, RFC 9110 §5.5, §5.6.2
    {"no blank behind the colon", "GET / HTTP/1.1\r\nHost:a\r\nAccept:*/*\r\n\r\n"},
    {"values that are empty", "GET / HTTP/1.1\r\nHost: a\r\nAccept:\r\nCookie: \r\nConnection:\r\n\r\n"},
    {"names of any token characters", "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09: x\r\n\r\n"},
    {"values beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\nX: \xff\x80 caf\xc3\xa9\r\n\r\n"},
    {"tabs within a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\tb\r\n\r\n"},
    {"names in any case", "GET / HTTP/1.1\r\nhOST: a\r\ncONTENT-lENGTH: 0\r\n\r\n"},
    // RFC 9110 §7.6.1, §10.1.1, §10.1.4
    {"options of a connection in any case",
     "GET / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive, Upgrade\r\n\r\n"},
    {"options with empty elements",
     "GET / HTTP/1.1\r\nHost: a\r\nConnection: , ,TE,\r\nTE: trailers\r\n\r\n"},
    {"an upgrade that is passed over",
     "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"},
    {"an expectation in any case",
     "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n"},
    {"an expectation without content", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"},
    {"expectations as a list", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, 100-continue\r\n\r\n"},
    {"no expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect:\r\n\r\n"},
    // RFC 9112 §6
    {"a length with zeros before it", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0005\r\n\r\n"},
    {"a length of GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"},
    {"chunked in any case", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"},
    {"trailers that are announced",
     "POST / HTTP/1.1\r\nHost: a\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n\r\n"},
    // HTTP/1.0
    {"no host", "GET / HTTP/1.0\r\n\r\n"},
    {"an expectation that is ignored",
     "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(grammar)

BOOST_AUTO_TEST_CASE(what_the_grammar_has_is_taken) {
    for (const auto& [rule, bytes] : requests) {
        BOOST_TEST_CONTEXT(rule) {
            BOOST_TEST(checked_request(std::string(bytes)).is_accepted());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http
