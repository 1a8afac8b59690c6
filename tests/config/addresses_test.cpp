#include "config/addresses.hpp"

#include "core/provider_table.hpp"
#include "environments.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot::config;
using namespace byot::config::test;

namespace {

struct origin_row {
    std::string_view text;
    std::string_view told; ///< part of the message; empty: accepted
};

const std::vector<origin_row> origins{
    {"https://app.example.com", ""},
    {"https://app.example.com:8443", ""},
    {"http://localhost:3000", ""},
    {"http://127.0.0.1:3000", ""},
    {"http://[::1]:3000", ""},
    {"https://xn--bcher-kva.example", ""},
    {"capacitor://localhost", ""},
    {"chrome-extension://abcdefghijklmnop", ""},
    {"*", "every page"},
    {"null", "sandboxed"},
    {"https://*.example.com", "wildcard"},
    {"https://app.example.com/", "no path"},
    {"https://app.example.com/a", "no path"},
    {"https://app.example.com?x", "no path"},
    {"https://app.example.com#x", "no path"},
    {"https://app.example.com:443", "own port"},
    {"http://app.example.com:80", "own port"},
    {"https://app.example.com:", "port"},
    {"https://app.example.com:0", "port"},
    {"https://app.example.com:65536", "port"},
    {"https://App.example.com", "lower case"},
    {"HTTPS://app.example.com", "lower case"},
    {"https://user@app.example.com", "user information"},
    {"app.example.com", "scheme://host"},
    {"//app.example.com", "scheme://host"},
    {"https:app.example.com", "scheme://host"},
    {"https://", "scheme://host"},
    {"https://a%2eexample", "scheme://host"},
    {"https://app example.com", "comma"},
    {"file:///", "scheme://host"},
    {"\"https://app.example.com\"", "quotes"},
    {"'https://app.example.com'", "quotes"},
    {"[\"https://app.example.com\"]", "brackets"},
    {"https://a.example https://b.example", "comma"},
    {"https://a.example;https://b.example", "comma"},
    {"https://bücher.example", "xn--"},
    {"localhost:3000", "scheme://host"},
};

struct url_row {
    std::string_view text;
    std::string_view override_told;
    std::string_view upstream_told;
};

const std::vector<url_row> urls{
    {"https://api.example.com", "", ""},
    {"https://api.example.com:8443/v1", "", ""},
    {"http://127.0.0.1:9000", "", ""},
    {"http://127.255.0.1", "", ""},
    {"http://[::1]:9000/v1", "", ""},
    {"http://localhost", "", ""},
    {"http://LOCALHOST", "", ""},
    {"http://api.example.com", "loopback", ""},
    {"https://a%41.example.com", "percent-encoding", "percent-encoding"},
    {"https://[v1.a]", "must name a host", "must name a host"},
    {"http://10.0.0.1", "loopback", ""},
    {"http://localhost.example.com", "loopback", ""},
    {"http://[::2]", "loopback", ""},
    {"http://128.0.0.1", "loopback", ""},
    {"http://127.0.0.1@api.example.com", "user information", "user information"},
    {"https://u:p@api.example.com", "user information", "user information"},
    {"https://api.example.com/#x", "fragment", "fragment"},
    {"https://api.example.com?key=1", "query", "query"},
    {"https://api.example.com:0", "port", "port"},
    {"https://api.example.com:70000", "port", "port"},
    {"https://api.example.com:99999", "port", "port"},
    {"https://api.example.com:8x/v1", "port", "port"},
    {"https:///v1", "host", "host"},
    {"ftp://api.example.com", "http or https", "http or https"},
    {"api.example.com", "http or https", "http or https"},
    {"https://a b", "http or https", "http or https"},
    {"/v1", "http or https", "http or https"},
};

bool tells(const complaint& wrong, std::string_view told) {
    return told.empty() ? !wrong : wrong && wrong->find(told) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(an_origin_is_taken_only_as_browsers_write_it) {
    for (const auto& [text, told] : origins) {
        const auto wrong = check_origin(text);
        BOOST_TEST_CONTEXT(text << " gives " << wrong.value_or("nothing")) BOOST_TEST(tells(wrong, told));
    }
}

BOOST_AUTO_TEST_CASE(one_bad_origin_of_a_list_is_told_by_its_place) {
    BOOST_TEST(problem_with("BYOT_ALLOWED_ORIGINS", "https://a.example,https://b.example/") ==
               "BYOT_ALLOWED_ORIGINS: item 2: must end after the host or port: no path, not even a slash\n");
    BOOST_TEST(problem_with("BYOT_ALLOWED_ORIGINS", "https://a.example,,https://b.example") ==
               "BYOT_ALLOWED_ORIGINS: item 2: is empty\n");
}

BOOST_AUTO_TEST_CASE(plain_http_in_place_of_a_vendor_goes_to_loopback_only) {
    for (const auto& [text, told, unused] : urls) {
        url_setting into;
        const auto wrong = read_base_override(text, into);
        BOOST_TEST_CONTEXT(text << " gives " << wrong.value_or("nothing")) BOOST_TEST(tells(wrong, told));
    }
}

BOOST_AUTO_TEST_CASE(an_upstream_may_be_plain_http_anywhere) {
    for (const auto& [text, unused, told] : urls) {
        url_setting into;
        const auto wrong = read_upstream_url(text, into);
        BOOST_TEST_CONTEXT(text << " gives " << wrong.value_or("nothing")) BOOST_TEST(tells(wrong, told));
    }
}

BOOST_AUTO_TEST_CASE(each_override_variable_has_the_loopback_rule) {
    std::vector<std::string> names{"BYOT_FIREBASE_KEYS_URL", "BYOT_IDENTITY_URL"};
    for (const auto& each : byot::provider_table) names.emplace_back(each.address_variable);
    for (const auto& name : names) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(problem_with(name, "http://example.com") ==
                       name + ": must be https; http is for loopback addresses only\n");
            BOOST_TEST(problem_with(name, "http://127.0.0.1:1") == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(only_the_certificates_address_may_have_a_query) {
    BOOST_TEST(problem_with("BYOT_FIREBASE_KEYS_URL", "https://example.com/keys?v=1") == "");
    BOOST_TEST(problem_with("BYOT_IDENTITY_URL", "https://example.com?v=1") != "");
}

BOOST_AUTO_TEST_CASE(an_emulator_is_a_host_and_port_without_a_scheme) {
    for (const std::string name :
         {"FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST", "GCE_METADATA_HOST"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(problems_of(with({{"BYOT_BIND", "127.0.0.1"}, {name, "localhost:8080"}})) == "");
            BOOST_TEST(problems_of(with({{"BYOT_BIND", "127.0.0.1"}, {name, "[::1]:8080"}})) == "");
            BOOST_TEST(problem_with(name, "http://localhost:8080") ==
                       name + ": must be host:port, without a scheme\n");
            BOOST_TEST(problem_with(name, "localhost:8080/v1") == name + ": must be host:port\n");
            BOOST_TEST(problem_with(name, "localhost:99999") == name + ": must be host:port\n");
            for (const auto* const text : {"u@localhost", "localhost?a", "two hosts"})
                BOOST_TEST(problem_with(name, text) == name + ": must be host:port\n");
            BOOST_TEST(problem_with(name, ":8080") == name + ": must be host:port\n");
            BOOST_TEST(problem_with(name, "a%41:8080") == name + ": must be host:port\n");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_masked_address_shows_neither_user_information_nor_query) {
    BOOST_TEST(mask_url("https://example.com/keys") == "https://example.com/keys");
    BOOST_TEST(mask_url("https://example.com/a@b") == "https://example.com/a@b");
    BOOST_TEST(mask_url("https://user:secret@example.com/keys") == "https://***@example.com/keys");
    BOOST_TEST(mask_url("https://a@b:secret@example.com") == "https://***@example.com");
    BOOST_TEST(mask_url("https://example.com?key=secret") == "https://example.com?***");
    BOOST_TEST(mask_url("https://u:p@example.com/?key=s#t") == "https://***@example.com/?***");
    BOOST_TEST(mask_url("https://example.com#secret") == "https://example.com#***");
    BOOST_TEST(mask_url("user:secret@example.com") == "***@example.com");
    BOOST_TEST(mask_url("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
