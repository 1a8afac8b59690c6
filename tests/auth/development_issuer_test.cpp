#include "auth/development_issuer.hpp"
#include "auth/forge.hpp"

BOOST_AUTO_TEST_SUITE(development_issuer)

using namespace byot;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(its_tokens_pass_the_rules_of_real_ones_for_their_lifetime) {
    const auth::development_issuer issuer(forge::project, forge::now);
    const auto set = auth::parse_certificates(issuer.certificates());
    BOOST_REQUIRE(set);
    BOOST_TEST(set->size() == 1u);
    const auto at = forge::now + 700ms;
    const auto token = issuer.issue(user_id("Zoë \"the\" first"), at);
    BOOST_REQUIRE(token.has_value());
    const auto judged = forge::judge(*token, *set, at);
    BOOST_REQUIRE_MESSAGE(judged.has_value(), judged.error().message());
    BOOST_TEST(judged->user.uid() == "Zoë \"the\" first");
    BOOST_TEST((judged->expires_at == forge::now + auth::development_issuer::lifetime));
    BOOST_TEST((judged->signed_in_at == forge::now));
    const auto late = forge::judge(*token, *set, judged->expires_at);
    BOOST_REQUIRE(!late);
    BOOST_TEST((late.error().why() == reason::token_expired));
}

BOOST_AUTO_TEST_CASE(two_issuers_do_not_take_each_others_tokens) {
    const auth::development_issuer one(forge::project, forge::now);
    const auth::development_issuer two(forge::project, forge::now);
    const auto set = auth::parse_certificates(two.certificates());
    BOOST_TEST(!forge::judge(*one.issue(user_id("u"), forge::now), *set));
    BOOST_TEST(one.certificates() != two.certificates());
}

BOOST_AUTO_TEST_CASE(an_id_that_no_token_may_carry_is_not_issued) {
    const auth::development_issuer issuer(forge::project, forge::now);
    for (const auto& id : {std::string(), std::string("a/b"), std::string("a\nb"), std::string(129, 'u')}) {
        const auto token = issuer.issue(user_id(id), forge::now);
        BOOST_REQUIRE(!token);
        BOOST_TEST((token.error().why() == reason::field_invalid));
    }
    BOOST_TEST(issuer.issue(user_id(std::string(128, 'u')), forge::now).has_value());
    for (const auto& tenant : {std::string("a/b"), std::string("a b"), std::string(65, 't')}) {
        const auto token = issuer.issue(user_id::in_tenant(tenant, "ann"), forge::now);
        BOOST_REQUIRE(!token);
        BOOST_TEST((token.error().why() == reason::field_invalid));
    }
}

BOOST_AUTO_TEST_CASE(a_tenant_is_named_as_firebase_names_it) {
    const auth::development_issuer issuer(forge::project, forge::now);
    const auto set = auth::parse_certificates(issuer.certificates());
    const auto who = user_id::in_tenant("acme-x1y2z", "ann");
    BOOST_TEST((forge::judge(*issuer.issue(who, forge::now), *set).value().user == who));
}

BOOST_AUTO_TEST_SUITE_END()
