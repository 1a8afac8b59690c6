#include "core/url.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace byot;

namespace {

struct row {
    std::string_view text;
    bool is_tls;
    std::string_view host;
    unsigned port;
    std::string_view path;
    std::string_view query;
};

const std::vector<row> addresses{
    {"https://api.example.com", true, "api.example.com", 443, "", ""},
    {"http://api.example.com", false, "api.example.com", 80, "", ""},
    {"https://api.example.com/", true, "api.example.com", 443, "", ""},
    {"https://api.example.com/v1/keys", true, "api.example.com", 443, "/v1/keys", ""},
    {"https://api.example.com/v1//", true, "api.example.com", 443, "/v1", ""},
    {"https://api.example.com/a%2Fb@c:d", true, "api.example.com", 443, "/a%2Fb@c:d", ""},
    {"https://api.example.com/v1?a=b&c=%20", true, "api.example.com", 443, "/v1", "a=b&c=%20"},
    {"https://api.example.com?a=/b/", true, "api.example.com", 443, "", "a=/b/"},
    {"HTTPS://API.Example.COM/V1", true, "api.example.com", 443, "/V1", ""},
    {"http://localhost:8080", false, "localhost", 8080, "", ""},
    {"http://localhost:/x", false, "localhost", 80, "/x", ""},
    {"http://localhost:65535", false, "localhost", 65535, "", ""},
    {"http://127.0.0.1:1/", false, "127.0.0.1", 1, "", ""},
    {"http://[::1]:8080/x", false, "::1", 8080, "/x", ""},
    {"https://[2001:DB8::1]", true, "2001:db8::1", 443, "", ""},
};

const std::vector<std::string_view> others{
    "",
    "api.example.com",
    "//api.example.com",
    "/v1",
    "ftp://api.example.com",
    "file:///etc/passwd",
    "https:api.example.com",
    "https://",
    "https:///v1",
    "https://:443",
    "https://user@api.example.com",
    "https://user:password@api.example.com",
    "https://@api.example.com",
    "https://api.example.com/#part",
    "https://api.example.com#",
    "https://api.example.com:0",
    "https://api.example.com:65536",
    "https://api.example.com:99999",
    "https://api.example.com:4294967739",
    "https://api.example.com:x",
    "https://api.example.com:8x/v1",
    "https://api.example.com:80:90",
    "https://api.example.com:-1",
    "https://api%2eexample.com",
    "https://[v1.x]",
    "https://[::1",
    "https://[fe80::1%25eth0]",
    "https://api.example.com/a b",
    "https://api.example.com/a\r\nX: y",
    "https://api.example.com/?a\nb",
    "https://api.example.com/%zz",
    "https://api.example.com/\xc3\xa9",
    " https://api.example.com",
    "https://api.example.com ",
};

} // namespace

BOOST_AUTO_TEST_SUITE(url_parsing)

BOOST_AUTO_TEST_CASE(an_absolute_address_is_taken_apart) {
    for (const auto& [text, is_tls, host, port, path, query] : addresses) {
        BOOST_TEST_CONTEXT(text) {
            const auto parsed = parse_url(text);
            BOOST_REQUIRE(parsed.has_value());
            BOOST_TEST(parsed->origin.is_tls == is_tls);
            BOOST_TEST(parsed->origin.host == host);
            BOOST_TEST(parsed->origin.port == port);
            BOOST_TEST(parsed->path == path);
            BOOST_TEST(parsed->query == query);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_plain_http_address_is_nothing) {
    for (const auto text : others) {
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_url(text).has_value());
    }
    BOOST_TEST(!parse_url(std::string_view("https://a\0b", 11)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(origins)

BOOST_AUTO_TEST_CASE(an_authority_names_the_port_only_when_it_is_not_the_schemes_own) {
    BOOST_TEST(authority({true, "example.org", 443}) == "example.org");
    BOOST_TEST(authority({false, "example.org", 80}) == "example.org");
    BOOST_TEST(authority({true, "example.org", 80}) == "example.org:80");
    BOOST_TEST(authority({false, "::1", 8080}) == "[::1]:8080");
    BOOST_TEST(authority({false, "::1", 80}) == "[::1]");
}

BOOST_AUTO_TEST_CASE(loopback_is_an_address_or_localhost_and_no_name_that_looks_so) {
    for (const auto* host : {"127.0.0.1", "127.9.8.7", "::1", "localhost", "LOCALHOST"}) {
        BOOST_TEST(is_loopback(host), host);
    }
    for (const auto* host :
         {"", "127.0.0.1.example.org", "localhost.example.org", "128.0.0.1", "0.0.0.0", "::"}) {
        BOOST_TEST(!is_loopback(host), host);
    }
}

BOOST_AUTO_TEST_SUITE_END()
