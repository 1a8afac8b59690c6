#include "google/token_issuer.hpp"

#include "core/encoding.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace byot;
using namespace byot::google;
using namespace std::chrono_literals;

namespace {

const wall_time now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 5h;
const std::string audience = "https://flows-1.a.run.app";

std::string jwt(std::string_view claims) {
    return base64url_encode(as_bytes(R"({"alg":"RS256"})")) + "." + base64url_encode(as_bytes(claims)) +
           ".c2lnbmF0dXJl";
}
std::string good_jwt() {
    return jwt(R"({"aud":"https://flows-1.a.run.app","exp":1772604000})");
}

/// "TOKEN for SECONDS", or the failure's sentence.
std::string told(const result<issued_token>& answer) {
    if (!answer) {
        BOOST_TEST((answer.error().why() == reason::identity_unavailable));
        return std::string(answer.error().message());
    }
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(answer->expires_at - now);
    return fmt::format("{} for {}", answer->text.expose(), left.count());
}

http::client_answer answer_of(unsigned status, std::string body, std::string flavor = "Google") {
    http::client_answer answer;
    answer.status = status;
    answer.body = std::move(body);
    answer.fields.emplace_back("Metadata-Flavor", std::move(flavor));
    return answer;
}

const credentials& metadata() {
    static const credentials with = metadata_server{*parse_url("http://127.0.0.1:8099")};
    return with;
}
const credentials& user() {
    static const credentials with = authorized_user();
    return with;
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_answers)

BOOST_AUTO_TEST_CASE(an_access_token_lasts_as_long_as_the_answer_says_but_at_most_a_day) {
    const auto read = [](std::string_view json) { return told(read_access_token(json, now)); };
    BOOST_TEST(read(R"({"access_token":"ya29.c.b0","expires_in":3599,"token_type":"Bearer"})") ==
               "ya29.c.b0 for 3599");
    BOOST_TEST(
        read(
            R"({"token_type":"bearer","scope":"a b","expires_in":1,"access_token":"t...","id_token":"x"})") ==
        "t... for 1");
    BOOST_TEST(read(R"({"access_token":"t","expires_in":9223372036854775807,"token_type":"Bearer"})") ==
               "t for 86400");
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_say_all_of_it_gives_no_access_token) {
    for (const auto* const json :
         {"", "{}", "[]", R"("ya29")", R"({"access_token":"t","expires_in":3599})",
          R"({"access_token":"t","expires_in":3599,"token_type":"mac"})",
          R"({"access_token":"t","token_type":"Bearer"})",
          R"({"access_token":"t","expires_in":0,"token_type":"Bearer"})",
          R"({"access_token":"t","expires_in":-5,"token_type":"Bearer"})",
          R"({"access_token":"t","expires_in":"3599","token_type":"Bearer"})",
          R"({"access_token":"t","expires_in":35.5,"token_type":"Bearer"})",
          R"({"access_token":"","expires_in":3599,"token_type":"Bearer"})",
          R"({"access_token":7,"expires_in":3599,"token_type":"Bearer"})",
          R"({"access_token":"a b","expires_in":3599,"token_type":"Bearer"})",
          R"({"access_token":"a\r\nx: y","expires_in":3599,"token_type":"Bearer"})",
          R"({"access_token":"ä","expires_in":3599,"token_type":"Bearer"})",
          R"({"access_token":"t","access_token":"u","expires_in":3599,"token_type":"Bearer"})",
          R"({"a":{"access_token":"t","expires_in":3599,"token_type":"Bearer"}})"}) {
        BOOST_TEST(!read_access_token(json, now).has_value(), json);
    }
}

BOOST_AUTO_TEST_CASE(an_identity_token_lasts_until_its_exp) {
    BOOST_TEST(told(read_bare_identity_token(good_jwt(), audience)) == good_jwt() + " for 3600");
    BOOST_TEST(told(read_identity_token(R"({"id_token":")" + good_jwt() + R"("})", audience)) ==
               good_jwt() + " for 3600");
}

BOOST_AUTO_TEST_CASE(what_is_no_jwt_for_the_audience_with_an_expiry_is_no_identity_token) {
    const auto aud = [](std::string_view rest) {
        return jwt(R"({"aud":"https://flows-1.a.run.app")" + std::string(rest) + "}");
    };
    for (const auto& text :
         {std::string(), std::string("token"), std::string("a.b"), good_jwt() + ".more", good_jwt() + "\n",
          "<html>" + good_jwt(), jwt("no json"), aud(""), aud(R"(,"exp":"1772604000")"), aud(R"(,"exp":-1)"),
          aud(R"(,"exp":253402300800)"), aud(R"(,"exp":1.5)"), jwt(R"({"exp":1772604000})"),
          jwt(R"({"aud":"https://other.a.run.app","exp":1772604000})"),
          jwt(R"({"aud":["https://flows-1.a.run.app"],"exp":1772604000})")}) {
        BOOST_TEST(!read_bare_identity_token(text, audience).has_value(), text);
    }
    for (const auto* const json : {"", "{}", R"({"id_token":7})", R"({"access_token":"a.b.c"})"})
        BOOST_TEST(!read_identity_token(json, audience).has_value(), json);
}

BOOST_AUTO_TEST_CASE(the_form_of_an_answer_follows_from_who_was_asked_for_what) {
    const std::string access = R"({"access_token":"t","expires_in":60,"token_type":"Bearer"})";
    BOOST_TEST(told(read_token_answer(metadata(), "", answer_of(200, access), now)) == "t for 60");
    BOOST_TEST(told(read_token_answer(user(), "", answer_of(200, access, ""), now)) == "t for 60");
    BOOST_TEST(told(read_token_answer(metadata(), audience, answer_of(200, good_jwt()), now)) ==
               good_jwt() + " for 3600");
    const auto wrapped = R"({"id_token":")" + good_jwt() + R"("})";
    BOOST_TEST(told(read_token_answer(user(), audience, answer_of(200, wrapped), now)) ==
               good_jwt() + " for 3600");
    BOOST_TEST(!read_token_answer(metadata(), audience, answer_of(200, wrapped), now).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not_the_metadata_server_is_not_believed) {
    const std::string access = R"({"access_token":"t","expires_in":60,"token_type":"Bearer"})";
    for (const auto* const flavor : {"", "google", "Other"}) {
        BOOST_TEST(!read_token_answer(metadata(), "", answer_of(200, access, flavor), now).has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_by_its_status_and_a_known_error_alone) {
    const auto refused = [](std::string body) {
        return told(read_token_answer(user(), "", answer_of(400, std::move(body)), now));
    };
    BOOST_TEST(refused(R"({"error":"invalid_grant","error_description":"Bad 1//refresh"})") ==
               "Asked for a token, Google answered 400 invalid_grant.");
    for (const auto* const body :
         {"", "1//refresh", R"({"error":"1//refresh"})", R"({"error":{"code":400}})"})
        BOOST_TEST(refused(body) == "Asked for a token, Google answered 400.");
}

BOOST_AUTO_TEST_SUITE_END()
