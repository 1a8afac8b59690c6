#include "vault/sealed_payload.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using namespace byot;
using namespace byot::vault;

BOOST_AUTO_TEST_SUITE(sealed_payload_suite)

BOOST_AUTO_TEST_CASE(the_text_is_the_one_of_the_contract) {
    const auto text = write_payload(user_id("u\"1\\\n\x01ö"), "googleai", "key_abc", "sk-1");
    BOOST_TEST(
        text.expose() ==
        R"({"v":1,"uid":"u\"1\\\u000a\u0001ö","provider":"googleai","keyId":"key_abc","apiKey":"sk-1"})");
}

BOOST_AUTO_TEST_CASE(what_was_written_reads_back) {
    const std::string uid("a\0\x1f\x7f\"\\/ \xf0\x9f\x94\x91", 12);
    const std::string key(4096, '"');
    const auto text = write_payload(user_id(uid), "p", "", key);
    const auto payload = parse_payload(text.expose());
    BOOST_TEST_REQUIRE(payload.has_value());
    BOOST_TEST(payload->uid == uid);
    BOOST_TEST(payload->provider == "p");
    BOOST_TEST(payload->key_id == "");
    BOOST_TEST(payload->api_key == key);
}

BOOST_AUTO_TEST_CASE(a_payload_made_elsewhere_may_order_space_and_escape_as_json_does) {
    const auto payload =
        parse_payload(" { \"apiKey\" : \"s\\u006b\\/1\" , "
                      "\"\\u0076\":1,\"keyId\":\"k\",\"provider\":\"p\",\"uid\":\"\\ud83d\\ude00\" } ");
    BOOST_TEST_REQUIRE(payload.has_value());
    BOOST_TEST(payload->api_key == "sk/1");
    BOOST_TEST(payload->uid == "\xf0\x9f\x98\x80");
}

BOOST_AUTO_TEST_CASE(anything_but_the_five_members_once_each_is_refused) {
    const std::string_view table[] = {
        "",
        " ",
        "null",
        "[]",
        "{}",
        R"("v")",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k"})",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"a","more":"x"})",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apikey":"a"})",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"a","apiKey":"a"})",
        R"({"v":1,"v":1,"provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":1,"uid":"u","uid":"u","keyId":"k","apiKey":"a"})",
        R"({"v":1,"uid":"u","\u0075id":"u","keyId":"k","apiKey":"a"})",
        R"({"v":2,"uid":"u","provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":0,"uid":"u","provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":-1,"uid":"u","provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":1.0,"uid":"u","provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":1e0,"uid":"u","provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":18446744073709551617,"uid":"u","provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":"1","uid":"u","provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":true,"uid":"u","provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":1,"uid":1,"provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":1,"uid":null,"provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":1,"uid":["u"],"provider":"p","keyId":"k","apiKey":"a"})",
        R"({"v":1,"uid":{},"provider":"p","keyId":"k"})",
        R"({"v":1,"uid":[],"provider":"p","keyId":"k"})",
        R"([{"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"a"}])",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"a"}x)",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"a"}{})",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"a",})",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"a")",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"a)",
        R"({"v":1,"uid":"u","provider":"p","keyId":"k","apiKey":"\ud800"})",
        "{\"v\":1,\"uid\":\"u\",\"provider\":\"p\",\"keyId\":\"k\",\"apiKey\":\"\xc3\"}",
        "{\"v\":1,\"uid\":\"u\",\"provider\":\"p\",\"keyId\":\"k\",\"apiKey\":\"a\nb\"}",
        "\xef\xbb\xbf{\"v\":1,\"uid\":\"u\",\"provider\":\"p\",\"keyId\":\"k\",\"apiKey\":\"a\"}",
    };
    for (const auto& text : table) BOOST_TEST(!parse_payload(text), text);
}

BOOST_AUTO_TEST_CASE(a_part_that_is_no_text_cannot_be_written) {
    BOOST_CHECK_THROW(static_cast<void>(write_payload(user_id("\xff"), "p", "k", "a")), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
