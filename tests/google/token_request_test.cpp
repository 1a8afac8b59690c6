#include "google/token_request.hpp"

#include "core/json.hpp"
#include "google/service_account_file.hpp"

using namespace byot;
using namespace byot::google;
using namespace byot::google::testing;
using namespace std::chrono_literals;

namespace {

const wall_time now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 5h + 678ms;
constexpr std::int64_t now_seconds = 1772600400;
constexpr std::string_view audience = "https://flows-1.a.run.app/base?a=b&c";
constexpr std::string_view encoded_audience = "https%3A%2F%2Fflows-1.a.run.app%2Fbase%3Fa%3Db%26c";

credentials of(const boost::json::object& members) {
    return parse_credentials(secret::copy_of(boost::json::serialize(members))).value();
}
credentials metadata() {
    return metadata_server{*parse_url("http://127.0.0.1:8099")};
}

std::string_view field_of(const http::client_request& request, std::string_view name) {
    for (const auto& [key, value] : request.fields) {
        if (key == name) return value;
    }
    return {};
}

/// The claims of the assertion in the body, whose signature is checked.
boost::json::object claims_in(const http::client_request& request, EVP_PKEY& key) {
    const std::string_view prefix =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    const auto body = request.secret_body->expose();
    BOOST_TEST_REQUIRE(body.starts_with(prefix));
    const auto jwt = body.substr(prefix.size());
    const auto dot = jwt.rfind('.');
    BOOST_TEST(is_rs256(key, jwt.substr(0, dot), base64url_decode(jwt.substr(dot + 1)).value()));
    const auto middle = jwt.find('.');
    BOOST_TEST(base64url_decode(jwt.substr(0, middle)).value() ==
               R"({"alg":"RS256","typ":"JWT","kid":"0123abcd"})");
    return parse_json_object(base64url_decode(jwt.substr(middle + 1, dot - middle - 1)).value()).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_requests)

BOOST_AUTO_TEST_CASE(a_service_account_signs_an_hours_claim_to_the_scope) {
    const auto request = make_token_request(of(service_account_members()), "", now);
    BOOST_TEST_REQUIRE(request.has_value());
    BOOST_TEST(request->method == "POST");
    BOOST_TEST(request->address.origin.host == "oauth2.googleapis.com");
    BOOST_TEST(request->address.path == "/token");
    BOOST_TEST(field_of(*request, "content-type") == "application/x-www-form-urlencoded");
    const boost::json::object expected{{"iss", "relay@trainer-1.iam.gserviceaccount.com"},
                                       {"scope", "https://www.googleapis.com/auth/cloud-platform"},
                                       {"aud", "https://oauth2.googleapis.com/token"},
                                       {"iat", now_seconds},
                                       {"exp", now_seconds + 3600}};
    BOOST_TEST(claims_in(*request, *account_key()) == expected);
}

BOOST_AUTO_TEST_CASE(for_an_identity_token_it_names_the_audience_in_place_of_the_scope) {
    const auto request = make_token_request(of(service_account_members()), audience, now);
    BOOST_TEST_REQUIRE(request.has_value());
    const auto claims = claims_in(*request, *account_key());
    BOOST_TEST(string_member(claims, "target_audience").value() == audience);
    BOOST_TEST(!claims.contains("scope"));
}

BOOST_AUTO_TEST_CASE(an_assertion_is_made_out_to_the_token_uri_of_its_file) {
    auto members = service_account_members();
    for (const char* const uri : {"http://127.0.0.1:8080/a/token", "https://example.com:8443/t?x=1"}) {
        members["token_uri"] = uri;
        const auto request = make_token_request(of(members), "", now);
        BOOST_TEST_REQUIRE(request.has_value());
        BOOST_TEST(string_member(claims_in(*request, *account_key()), "aud").value() == uri);
    }
}

BOOST_AUTO_TEST_CASE(a_user_sends_the_refresh_token_encoded) {
    const auto request = make_token_request(of(user_members()), "", now);
    BOOST_TEST_REQUIRE(request.has_value());
    BOOST_TEST(request->method == "POST");
    BOOST_TEST(request->secret_body->expose() ==
               "grant_type=refresh_token&client_id=764086051850-x.apps.googleusercontent.com"
               "&client_secret=d-FL95Q19q7MQmFpd7hHD0Ty"
               "&refresh_token=1%2F%2F09-refresh%2Btoken%2Fwith%3Dsigns");
}

BOOST_AUTO_TEST_CASE(a_user_has_no_identity_tokens_for_a_service) {
    const auto request = make_token_request(of(user_members()), audience, now);
    BOOST_TEST_REQUIRE(request.has_error());
    BOOST_TEST((request.error().why() == reason::identity_unavailable));
    BOOST_TEST(request.error().message().find("service account") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(the_metadata_server_is_asked_with_its_flavor) {
    const auto access = make_token_request(metadata(), "", now);
    BOOST_TEST_REQUIRE(access.has_value());
    BOOST_TEST(access->method == "GET");
    BOOST_TEST(access->address.origin.port == 8099);
    BOOST_TEST(access->address.path == "/computeMetadata/v1/instance/service-accounts/default/token");
    BOOST_TEST(access->address.query == "");
    BOOST_TEST(field_of(*access, "Metadata-Flavor") == "Google");

    const auto identity = make_token_request(metadata(), audience, now);
    BOOST_TEST_REQUIRE(identity.has_value());
    BOOST_TEST(identity->address.path == "/computeMetadata/v1/instance/service-accounts/default/identity");
    BOOST_TEST(identity->address.query == "audience=" + std::string(encoded_audience) + "&format=full");
    BOOST_TEST(field_of(*identity, "Metadata-Flavor") == "Google");
}

BOOST_AUTO_TEST_SUITE_END()
