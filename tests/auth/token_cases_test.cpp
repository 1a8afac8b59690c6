#include "auth/bearer.hpp"
#include "auth/mutations.hpp"
#include "test_data.hpp"

#include <fstream>
#include <sstream>

BOOST_AUTO_TEST_SUITE(token_cases)

using namespace byot;

namespace {

boost::json::array read_cases() {
    std::ifstream file(test_data("auth/token_cases.json"));
    std::stringstream text;
    text << file.rdbuf();
    auto rows = parse_json(text.str());
    BOOST_REQUIRE(rows && rows->is_array());
    return rows->as_array();
}

result<auth::identity> answer(std::string_view authorization, const auth::public_keys& set) {
    const auto token = auth::bearer_token(authorization);
    if (!token) return token.error();
    return forge::judge(*token, set);
}

std::string outcome_of(const result<auth::identity>& judged) {
    return judged ? "OK" : std::string(describe(judged.error().why()).name);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_case_ends_as_its_row_says) {
    const auto set = auth::parse_certificates(forge::both_certificates());
    BOOST_REQUIRE(set);
    const auto rows = read_cases();
    BOOST_TEST(rows.size() > 140u);
    for (const auto& value : rows) {
        const auto& row = value.as_object();
        const auto id = forge::text_of(row, "id", "");
        const auto judged = answer(forge::authorization_of(row), *set);
        BOOST_TEST(outcome_of(judged) == forge::text_of(row, "want", ""), id << ": " << row.at("why"));
        if (judged) continue;
        const auto says = forge::text_of(row, "says", "");
        BOOST_TEST(judged.error().message().find(says) != std::string_view::npos,
                   id << " should say \"" << says << "\", says: " << judged.error().message());
        BOOST_TEST(judged.error().metadata().empty());
    }
}

BOOST_AUTO_TEST_CASE(no_sentence_quotes_the_token) {
    const auto set = auth::parse_certificates(forge::both_certificates());
    const std::string mark = "c4n4ry-c4n4ry";
    for (const auto* const claim : {"aud", "iss", "sub", "exp", "iat", "auth_time", "nbf", "firebase"}) {
        const auto hostile = to_json_string(mark + "/" + mark);
        const auto judged = forge::judge(forge::token(forge::claim_set{}.with(claim, hostile)), *set);
        BOOST_REQUIRE(!judged);
        BOOST_TEST(judged.error().message().find(mark) == std::string_view::npos, claim);
    }
    const auto judged = forge::judge(forge::token_of(mark, *forge::keys().good), *set);
    BOOST_REQUIRE(!judged);
    BOOST_TEST(judged.error().message().find(mark) == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_good_token_gives_who_it_speaks_for) {
    const auto set = auth::parse_certificates(forge::both_certificates());
    const auto claims = forge::claim_set{}.with("exp", std::to_string(forge::seconds(forge::now)) + ".25");
    const auto judged = forge::judge(forge::token(claims), *set);
    BOOST_REQUIRE(judged.has_value());
    using namespace std::chrono_literals;
    BOOST_TEST(judged->user.uid() == forge::uid);
    BOOST_TEST(judged->user.tenant() == "");
    BOOST_TEST((judged->issued_at == forge::now - 60s));
    BOOST_TEST((judged->signed_in_at == forge::now - 100s));
    BOOST_TEST((judged->expires_at == forge::now + 250ms));
}

BOOST_AUTO_TEST_CASE(a_tenants_token_speaks_for_its_user_of_that_tenant) {
    const auto set = auth::parse_certificates(forge::both_certificates());
    const auto of = [&](const std::string& firebase) {
        return forge::judge(forge::token(forge::claim_set{}.with("firebase", firebase)), *set).value().user;
    };
    BOOST_TEST((of(R"({"tenant":"acme-x1y2z"})") == user_id::in_tenant("acme-x1y2z", forge::uid)));
    BOOST_TEST((of(R"({"sign_in_provider":"password"})") == user_id(forge::uid)));
    BOOST_TEST((of("") == user_id(forge::uid)));
}

BOOST_AUTO_TEST_CASE(the_allowance_for_clocks_is_exact_to_the_millisecond) {
    using namespace std::chrono_literals;
    const auto checked = [](const forge::claim_set& claims, wall_time at) {
        return auth::check_claims(forge::token(claims), forge::project, at).has_value();
    };
    const auto moment = [](std::chrono::seconds offset) {
        return std::to_string(forge::seconds(forge::now + offset));
    };
    const auto exp = forge::claim_set{}.with("exp", moment(0s));
    BOOST_TEST(checked(exp, forge::now - 1ms));
    BOOST_TEST(!checked(exp, forge::now));
    for (const auto* const claim : {"iat", "auth_time", "nbf"}) {
        const auto early = forge::claim_set{}.with(claim, moment(600s));
        BOOST_TEST(!checked(early, forge::now + 600s - auth::allowed_skew - 1ms), claim);
        BOOST_TEST(checked(early, forge::now + 600s - auth::allowed_skew), claim);
    }
}

BOOST_AUTO_TEST_CASE(a_token_over_16_kib_is_refused_whatever_it_holds) {
    const auto set = auth::parse_certificates(forge::both_certificates());
    const auto padded = [](std::size_t padding) {
        return forge::token(forge::claim_set{}.with("p", to_json_string(std::string(padding, 'x'))));
    };
    std::size_t padding = (auth::largest_token - padded(0).size()) / 4 * 3 - 8;
    while (padded(padding + 1).size() <= auth::largest_token) ++padding;
    BOOST_TEST(forge::judge(padded(padding), *set).has_value());
    const auto judged = forge::judge(padded(padding + 1), *set);
    BOOST_REQUIRE(!judged);
    BOOST_TEST(judged.error().message().find("16 KiB") != std::string_view::npos);
}

BOOST_AUTO_TEST_SUITE_END()
