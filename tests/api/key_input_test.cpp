#include "api/key_input.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace byot;
using api::endpoint;

http::request_head head_with(const std::string& text) {
    const auto scanned = http::scan_request_head(text);
    BOOST_REQUIRE(scanned.has_value());
    BOOST_REQUIRE(scanned.value().has_value());
    return *scanned.value();
}

const std::string bare = "POST / HTTP/1.1\r\nHost: x\r\n\r\n";

/// Which field was refused, and with which words; empty when nothing was.
std::pair<std::string, std::string> refused(endpoint what, std::string_view query,
                                            const std::string& head = bare) {
    const auto checked = api::check_key_input(what, head_with(head), query);
    if (checked.has_value()) return {};
    BOOST_TEST((checked.error().why() == reason::field_invalid));
    BOOST_REQUIRE(checked.error().metadata().size() == 1u);
    return {checked.error().metadata()[0].second, std::string(checked.error().message())};
}

constexpr endpoint all[] = {endpoint::save_key, endpoint::remove_key, endpoint::key_status,
                            endpoint::check_key, endpoint::public_key};
constexpr endpoint with_provider[] = {endpoint::remove_key, endpoint::check_key};
constexpr endpoint without_provider[] = {endpoint::save_key, endpoint::key_status, endpoint::public_key};

bool says(const std::string& message, std::string_view words) {
    return message.find(words) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_input)

BOOST_AUTO_TEST_CASE(a_parameter_that_is_not_taken_is_refused) {
    for (const auto* query : {"providers=openai",
                              "Provider=openai",
                              "PROVIDER=openai",
                              "provider%20=openai",
                              "provider+=openai",
                              "prov%69der_=openai",
                              "%50rovider=openai",
                              "key=x",
                              "apiKey=sk-1",
                              "a",
                              "a=",
                              "=openai",
                              "=",
                              "_=1732780800",
                              "utm_source=mail",
                              "gclid=1",
                              "t=1&u=2",
                              "provider=openai&a=1",
                              "a=1&provider=openai",
                              "expiresAt=2030-01-01T00:00:00Z",
                              "provider[]=openai",
                              "provider.name=openai",
                              "provider%00=openai",
                              "provider;x=openai",
                              "%70roviders=openai"}) {
        for (const auto what : with_provider) {
            const auto [field, message] = refused(what, query);
            BOOST_TEST(field == "query", query);
            BOOST_TEST(says(message, "?provider="), message);
            BOOST_TEST(!says(message, "openai"), "what a client sent is repeated: " << message);
        }
        for (const auto what : without_provider) BOOST_TEST(!refused(what, query).first.empty(), query);
    }
}

BOOST_AUTO_TEST_CASE(the_provider_is_taken_in_the_query_where_it_chooses_a_stored_key) {
    for (const auto* query : {"", "&", "&&", "provider=openai", "%70rovider=openai", "provider=", "provider",
                              "provider=nobody", "&provider=openai&"}) {
        for (const auto what : with_provider) BOOST_TEST(refused(what, query).first.empty(), query);
    }
}

BOOST_AUTO_TEST_CASE(the_provider_of_a_key_to_save_belongs_in_the_body) {
    for (const auto* query : {"provider=openai", "provider=", "provider", "%70rovider=openai"}) {
        const auto [field, message] = refused(endpoint::save_key, query);
        BOOST_TEST(field == "provider");
        BOOST_TEST(says(message, "in the body"), message);
        BOOST_TEST(refused(endpoint::key_status, query).first == "provider");
        BOOST_TEST(refused(endpoint::public_key, query).first == "provider");
    }
}

BOOST_AUTO_TEST_CASE(a_malformed_query_is_refused_everywhere) {
    for (const auto* query : {"%", "%4", "%zz", "provider=%", "provider=open%ai", "a=1&%"}) {
        for (const auto what : all) BOOST_TEST(refused(what, query).first == "query", query);
    }
}

BOOST_AUTO_TEST_CASE(the_field_that_chooses_a_flows_key_is_refused) {
    for (const auto* line : {"x-byot-provider: openai", "X-BYOT-Provider: openai",
                             "x-byot-provider:", "x-byot-provider: a\r\nx-byot-provider: b"}) {
        const auto head = "POST / HTTP/1.1\r\nHost: x\r\n" + std::string(line) + "\r\n\r\n";
        for (const auto what : all) BOOST_TEST(refused(what, "", head).first == "x-byot-provider", line);
        BOOST_TEST(says(refused(endpoint::remove_key, "", head).second, "DELETE /api/key?provider="));
        BOOST_TEST(says(refused(endpoint::save_key, "", head).second, "in the body"));
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_not_taken_is_answered_with_what_to_write) {
    const auto why = api::unexpected_body(endpoint::remove_key);
    BOOST_TEST((why.why() == reason::field_invalid));
    BOOST_TEST(why.metadata().at(0).second == "body");
    BOOST_TEST(says(std::string(why.message()), "DELETE /api/key?provider="));
}

BOOST_AUTO_TEST_SUITE_END()
