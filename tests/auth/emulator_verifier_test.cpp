#include "auth/emulator_verifier.hpp"
#include "auth/forge.hpp"

BOOST_AUTO_TEST_SUITE(emulator_verifier)

using namespace byot;

namespace {

const std::string none = R"({"alg":"none","typ":"JWT"})";

std::string unsigned_token(const forge::claim_set& claims = forge::claim_set{},
                           const std::string& header = none) {
    return forge::b64(header) + "." + forge::b64(claims.text()) + ".";
}

task<void> verify_into(std::string& outcome, std::string token) {
    const auto verifier = auth::make_emulator_verifier(forge::project);
    const auto who = co_await verifier->verify(token, forge::now);
    outcome = who ? fmt::format("OK {}{}{}", who->user.tenant(), who->user.tenant().empty() ? "" : "/",
                                who->user.uid())
                  : std::string(describe(who.error().why()).name);
    BOOST_TEST(!verifier->remembered(token, forge::now));
}

std::string outcome_of(std::string token) {
    std::string outcome;
    spawn(verify_into(outcome, std::move(token))); // never suspends: nothing is fetched
    return outcome;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_unsigned_token_with_good_claims_is_taken) {
    BOOST_TEST(outcome_of(unsigned_token()) == "OK " + forge::uid);
}

BOOST_AUTO_TEST_CASE(a_signed_token_is_refused) {
    BOOST_TEST(outcome_of(forge::token()) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token() + forge::b64("signature")) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token(forge::claim_set{}, forge::header())) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token(forge::claim_set{}, R"({"alg":"None"})")) == "TOKEN_INVALID");
}

BOOST_AUTO_TEST_CASE(an_unsigned_token_of_another_kind_is_told_from_an_id_token) {
    const auto cookie = forge::claim_set{}.with("iss", "\"https://session.firebase.google.com/trainer-1\"");
    const auto verifier = auth::make_emulator_verifier(forge::project);
    std::string message;
    auto ask = [&]() -> task<void> {
        const auto who = co_await verifier->verify(unsigned_token(cookie), forge::now);
        message = who ? "OK" : std::string(who.error().message());
    };
    spawn(ask());
    BOOST_TEST(message.find("session cookie") != std::string::npos);
    BOOST_TEST(verifier->signatures_verified() == 0u);
}

BOOST_AUTO_TEST_CASE(claims_are_judged_as_those_of_signed_tokens) {
    using forge::claim_set;
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("aud", "\"other\""))) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("iss", "\"other\""))) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("sub", "\"a/b\""))) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("auth_time", ""))) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("exp", "1000"))) == "TOKEN_EXPIRED");
    BOOST_TEST(outcome_of("") == "TOKEN_INVALID");
    const auto moment = [](int offset) { return std::to_string(forge::seconds(forge::now) + offset); };
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("nbf", moment(60)))) == "OK " + forge::uid);
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("nbf", moment(61)))) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("nbf", "null"))) == "TOKEN_INVALID");
    BOOST_TEST(outcome_of(unsigned_token(claim_set{}.with("jti", "7"))) == "TOKEN_INVALID");
    const auto of = [](const std::string& firebase) {
        return outcome_of(unsigned_token(claim_set{}.with("firebase", firebase)));
    };
    BOOST_TEST(of(R"({"tenant":"acme-x1y2z"})") == "OK acme-x1y2z/" + forge::uid);
    BOOST_TEST(of(R"({"tenant":""})") == "TOKEN_INVALID");
    BOOST_TEST(of(R"({"tenant":null})") == "TOKEN_INVALID");
    BOOST_TEST(of("[]") == "TOKEN_INVALID");
}

BOOST_AUTO_TEST_SUITE_END()
