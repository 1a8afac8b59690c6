#include "providers/verdict.hpp"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include <ostream>
#include <string>

namespace byot::providers {
static std::ostream& operator<<(std::ostream& out, verdict said) {
    return out << name_of(said);
}
} // namespace byot::providers

namespace {

using namespace byot::providers;

std::string googles_error(std::string_view status, std::string_view reason) {
    return fmt::format(R"({{"error":{{"code":400,"message":"No.","status":"{}","details":[)"
                       R"({{"@type":"type.googleapis.com/google.rpc.LocalizedMessage","locale":"en-US"}},)"
                       R"({{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{}"}}]}}}})",
                       status, reason);
}

std::string error_with(std::string_view member, std::string_view value) {
    return fmt::format(R"({{"error":{{"{}":"{}"}}}})", member, value);
}

constexpr std::string_view all[] = {"googleai", "openai", "anthropic", "another"};

} // namespace

BOOST_AUTO_TEST_SUITE(verdicts)

BOOST_AUTO_TEST_CASE(the_status_alone_says_most) {
    const struct {
        unsigned status;
        verdict said;
    } rows[] = {
        {200, verdict::accepted},    {401, verdict::refused},     {403, verdict::refused},
        {402, verdict::exhausted},   {429, verdict::exhausted},   {201, verdict::unreachable},
        {204, verdict::unreachable}, {301, verdict::unreachable}, {302, verdict::unreachable},
        {307, verdict::unreachable}, {400, verdict::unreachable}, {404, verdict::unreachable},
        {407, verdict::unreachable}, {500, verdict::unreachable}, {502, verdict::unreachable},
        {503, verdict::unreachable}, {529, verdict::unreachable}, {0, verdict::unreachable},
    };
    for (const auto& row : rows) {
        for (const auto provider : all) {
            for (const auto* body : {"", "{}", "<html>no</html>", R"({"error":null})", R"({"error":"no"})"})
                BOOST_TEST(judge(provider, row.status, body) == row.said, provider << row.status << body);
        }
    }
}

BOOST_AUTO_TEST_CASE(googles_400_refuses_the_key_only_when_it_says_so) {
    const struct {
        std::string body;
        verdict said;
    } rows[] = {
        {googles_error("INVALID_ARGUMENT", "API_KEY_INVALID"), verdict::refused},
        {googles_error("INVALID_ARGUMENT", "SOMETHING_ELSE"), verdict::refused},
        {googles_error("SOMETHING_ELSE", "API_KEY_INVALID"), verdict::refused},
        {R"({"error":{"status":"INVALID_ARGUMENT","details":null}})", verdict::refused},
        {R"({"error":{"status":"INVALID_ARGUMENT","details":[1,{"reason":2}]}})", verdict::refused},
        {googles_error("FAILED_PRECONDITION", "LOCATION"), verdict::unreachable},
        {R"([{"error":{"status":"INVALID_ARGUMENT"}}])", verdict::unreachable},
        {R"({"error":{"status":"INVALID_ARGUMENT")", verdict::unreachable},
        {R"({"status":"INVALID_ARGUMENT"})", verdict::unreachable},
        {R"({"error":{"status":["INVALID_ARGUMENT"]}})", verdict::unreachable},
    };
    for (const auto& row : rows) {
        BOOST_TEST(judge("googleai", 400, row.body) == row.said, row.body);
        for (const auto* other : {"openai", "anthropic", "another"})
            BOOST_TEST(judge(other, 400, row.body) == verdict::unreachable, other << row.body);
    }
}

BOOST_AUTO_TEST_CASE(a_no_that_is_not_about_the_key_says_nothing_of_it) {
    const struct {
        std::string_view provider;
        std::string body;
    } rows[] = {
        {"googleai", googles_error("PERMISSION_DENIED", "API_KEY_IP_ADDRESS_BLOCKED")},
        {"openai", error_with("code", "unsupported_country_region_territory")},
        {"openai", error_with("message", "You have insufficient permissions for this operation. Missing "
                                         "scopes: api.model.read. Check that you have the correct role.")},
        {"anthropic", error_with("type", "forbidden")},
    };
    for (const auto& row : rows) {
        for (const unsigned status : {401u, 403u}) {
            for (const auto provider : all) {
                const auto expected = provider == row.provider ? verdict::unreachable : verdict::refused;
                BOOST_TEST(judge(provider, status, row.body) == expected, provider << row.body);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_no_about_the_key_stays_one) {
    BOOST_TEST(judge("anthropic", 401, error_with("type", "authentication_error")) == verdict::refused);
    BOOST_TEST(judge("anthropic", 403, error_with("type", "permission_error")) == verdict::refused);
    BOOST_TEST(judge("openai", 401, error_with("code", "invalid_api_key")) == verdict::refused);
    BOOST_TEST(judge("googleai", 403, googles_error("PERMISSION_DENIED", "API_KEY_SERVICE_BLOCKED")) ==
               verdict::refused);
}

BOOST_AUTO_TEST_SUITE_END()
