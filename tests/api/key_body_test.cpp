#include "api/key_input.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace byot;

struct body_case {
    std::string_view json;
    reason why;
    std::string_view field;
};

constexpr body_case refused[] = {
    {"", reason::body_invalid, ""},
    {"[]", reason::body_invalid, ""},
    {"\"sk\"", reason::body_invalid, ""},
    {"{\"apiKey\":\"k\"", reason::body_invalid, ""},
    {"{\"apiKey\":\"k\"} x", reason::body_invalid, ""},
    {"{}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":\"\"}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":1}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":null}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":true}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":1.5}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":[\"k\"]}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":{\"a\":\"k\"}}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":\"a\",\"apiKey\":\"b\"}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":\"a\",\"sealedKey\":\"YQ==\",\"keyId\":\"key_1\"}", reason::field_invalid, "sealedKey"},
    {"{\"apiKey\":\"a\",\"keyId\":\"key_1\"}", reason::field_invalid, "keyId"},
    {"{\"apiKey\":\"a\",\"hint\":\"abcd\"}", reason::field_invalid, "hint"},
    {"{\"apiKey\":\"a\",\"provider\":7}", reason::field_invalid, "provider"},
    {"{\"apiKey\":\"a\",\"expiresAt\":\"tomorrow\"}", reason::field_invalid, "expiresAt"},
    {"{\"apiKey\":\"a\",\"surprise\":\"b\"}", reason::field_invalid, "body"},
    {"{\"apiKey\":null,\"apiKey\":\"k\"}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":\"k\",\"apiKey\":null}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":null,\"sealedKey\":null}", reason::field_invalid, "apiKey"},
    {"{\"apiKey\":null,\"sealedKey\":null,\"keyId\":null,\"hint\":null,\"provider\":null,\"expiresAt\":null}",
     reason::field_invalid, "apiKey"},
    {"{\"apiKey\":\"a\",\"surprise\":null}", reason::field_invalid, "body"},
    {"{\"sealedKey\":\"YQ==\",\"keyId\":null}", reason::field_invalid, "keyId"},
    {"{\"apiKey\":\"a\",\"expiresAt\":\"\"}", reason::field_invalid, "expiresAt"},
    {"{\"apiKey\":\"a\",\"expiresAt\":1893456000}", reason::field_invalid, "expiresAt"},
    {"{\"apiKey\":\"a\",\"expiresAt\":\"null\"}", reason::field_invalid, "expiresAt"},
    {"{\"apiKey\":\"a\",\"provider\":false}", reason::field_invalid, "provider"},
    {"{\"apiKey\":\"a\",\"provider\":{}}", reason::field_invalid, "provider"},
    {"{\"apiKey\":\"a\",\"provider\":[null]}", reason::field_invalid, "provider"},
    {"{\"apiKey\":\"a\",\"sealedKey\":\"\"}", reason::field_invalid, "sealedKey"},
    {"null", reason::body_invalid, ""},
    {"[null]", reason::body_invalid, ""},
    {"\xef\xbb\xbf{\"apiKey\":\"a\"}", reason::body_invalid, ""},
    {"{\"sealedKey\":\"not base64\",\"keyId\":\"key_1\"}", reason::field_invalid, "sealedKey"},
    {"{\"sealedKey\":\"YQ\",\"keyId\":\"key_1\"}", reason::field_invalid, "sealedKey"},
    {"{\"sealedKey\":\"YQ==\"}", reason::field_invalid, "keyId"},
};

std::string_view field_of(const failure& why) {
    for (const auto& [name, value] : why.metadata()) {
        if (name == "field") return value;
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_body)

BOOST_AUTO_TEST_CASE(each_wrong_body_is_told_what_is_wrong) {
    for (const auto& each : refused) {
        const auto read = api::read_key_body(secret::copy_of(each.json));
        BOOST_TEST_CONTEXT(each.json) {
            BOOST_REQUIRE(read.has_error());
            BOOST_CHECK(read.error().why() == each.why);
            BOOST_TEST(field_of(read.error()) == each.field);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_member_is_not_named_and_those_that_are_known_are) {
    for (const std::string_view json : {R"({"api_key":"sk-secret"})", R"({"sk-secret":"apiKey"})",
                                        R"({"apiKey":"a","sk-secret":null})", R"({"APIKEY":"sk-secret"})"}) {
        const auto read = api::read_key_body(secret::copy_of(json));
        BOOST_REQUIRE(read.has_error());
        const auto why = read.error();
        const auto message = why.message();
        BOOST_TEST(message.find("sk-secret") == message.npos);
        for (const std::string_view name :
             {"apiKey", "sealedKey", "keyId", "hint", "provider", "expiresAt"}) {
            BOOST_TEST(message.find(name) != message.npos, name << " in " << message);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_plain_key_is_read_with_everything_beside_it) {
    const auto read = api::read_key_body(
        secret::copy_of(R"({"apiKey":"sk-\u0041","provider":"openai","expiresAt":"2030-01-02T03:04:05Z"})"));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read.value().request.api_key.expose() == "sk-A");
    BOOST_TEST(read.value().provider.value() == "openai");
    BOOST_TEST(format_rfc3339(read.value().request.expires_at.value()) == "2030-01-02T03:04:05.000Z");
}

BOOST_AUTO_TEST_CASE(an_optional_member_that_is_null_is_absent) {
    const std::vector<std::string> optional{R"("provider":null)", R"("expiresAt":null)", R"("hint":null)",
                                            R"("sealedKey":null)", R"("keyId":null)"};
    for (unsigned chosen = 0; chosen < 1u << optional.size(); ++chosen) {
        std::string before = "{", behind = R"({"apiKey":"sk-1")";
        for (std::size_t i = 0; i < optional.size(); ++i) {
            if ((chosen >> i & 1u) == 0) continue;
            before += optional[i] + ",";
            behind += "," + optional[i];
        }
        for (const auto& json : {before + R"("apiKey":"sk-1"})", behind + "}"}) {
            BOOST_TEST_CONTEXT(json) {
                const auto read = api::read_key_body(secret::copy_of(json));
                BOOST_REQUIRE(read.has_value());
                BOOST_TEST(read.value().request.api_key.expose() == "sk-1");
                BOOST_TEST(read.value().request.sealed.empty());
                BOOST_TEST(read.value().request.key_id.empty());
                BOOST_TEST(read.value().request.hint.empty());
                BOOST_TEST(!read.value().provider.has_value());
                BOOST_TEST(!read.value().request.expires_at.has_value());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(beside_a_sealed_key_a_plain_one_and_a_hint_may_be_null) {
    const auto read = api::read_key_body(secret::copy_of(
        R"({"apiKey":null,"sealedKey":"AAEC","keyId":"key_1","hint":null,"provider":null,"expiresAt":null})"));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read.value().request.sealed.size() == 3u);
    BOOST_TEST(read.value().request.key_id == "key_1");
    BOOST_TEST(read.value().request.hint.empty());
}

BOOST_AUTO_TEST_CASE(a_sealed_key_is_read) {
    const auto read =
        api::read_key_body(secret::copy_of(R"({"sealedKey":"AAEC","keyId":"key_1","hint":"wxyz"})"));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read.value().request.sealed == std::string("\0\1\2", 3));
    BOOST_TEST(read.value().request.key_id == "key_1");
    BOOST_TEST(read.value().request.hint == "wxyz");
    BOOST_TEST(read.value().request.api_key.empty());
}

BOOST_AUTO_TEST_SUITE_END()
