#include "allocation_count.hpp"
#include "auth/scene.hpp"

BOOST_AUTO_TEST_SUITE(firebase_verifier)

using namespace byot;
using namespace std::chrono_literals;

namespace {

struct verifying_scene : scene {
    std::shared_ptr<auth::verifier_peers> peers = std::make_shared<auth::verifier_peers>();
    std::unique_ptr<auth::token_verifier> verifier =
        auth::make_firebase_verifier(home, source, {forge::project, peers});

    std::string outcome(const std::string& token, std::chrono::milliseconds at = 0ms) {
        return verify(*verifier, token, at);
    }
};

std::string numbered(int number) {
    return forge::token(forge::claim_set{}.with("number", std::to_string(number)));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_token_verified_once_is_remembered_until_exp_to_the_millisecond, verifying_scene) {
    const auto token =
        forge::token(forge::claim_set{}.with("exp", std::to_string(forge::seconds(forge::now) + 3)));
    BOOST_TEST(!verifier->remembered(token, forge::now));
    BOOST_TEST(outcome(token) == "OK");
    const auto* const who = verifier->remembered(token, forge::now + 3s - 1ms);
    BOOST_REQUIRE(who);
    BOOST_TEST(who->user.uid() == forge::uid);
    BOOST_TEST(outcome(token, 3s - 1ms) == "OK");
    BOOST_TEST(!verifier->remembered(token, forge::now + 3s));
    BOOST_TEST(outcome(token, 3s) == "TOKEN_EXPIRED");
    BOOST_TEST(outcome(token, 4s) == "TOKEN_EXPIRED");
}

BOOST_FIXTURE_TEST_CASE(a_remembered_token_needs_no_certificates, verifying_scene) {
    const auto token = forge::token();
    BOOST_TEST(outcome(token) == "OK");
    server.answers({503, ""});
    BOOST_TEST(outcome(token, 3000s) == "OK");
    BOOST_TEST(source.fetches() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_warm_verification_allocates_nothing, verifying_scene) {
    const auto token = forge::token();
    BOOST_TEST(outcome(token) == "OK");
    const auto before = allocations_so_far();
    const auto* const who = verifier->remembered(token, forge::now);
    const auto after = allocations_so_far();
    BOOST_TEST(who != nullptr);
    BOOST_TEST(after == before);
}

BOOST_FIXTURE_TEST_CASE(one_flipped_bit_makes_it_another_token, verifying_scene) {
    const auto token = forge::token();
    BOOST_TEST(outcome(token) == "OK");
    for (std::size_t at = 0; at < token.size(); at += 7) {
        auto altered = token;
        altered[at] = altered[at] == 'A' ? 'B' : 'A';
        if (altered == token) continue;
        BOOST_TEST(!verifier->remembered(altered, forge::now));
        BOOST_TEST(outcome(altered) == "TOKEN_INVALID", at);
    }
}

BOOST_FIXTURE_TEST_CASE(a_bad_token_causes_no_fetch, verifying_scene) {
    const std::string bad[] = {
        "",
        "foo",
        "foo.bar.baz",
        std::string(20000, 'a'),
        forge::token(forge::claim_set{}.with("aud", "\"other\"")),
        forge::token(forge::claim_set{}.with("sub", "")),
        forge::token(forge::claim_set{}.with("iat", "\"x\"")),
        forge::token_of("", *forge::keys().good),
        forge::token_of("k ", *forge::keys().good),
        forge::compact(R"({"alg":"HS256","kid":"k"})", forge::claim_set{}.text(), *forge::keys().good),
        forge::token().substr(0, forge::token().rfind('.') + 1),
    };
    for (const auto& token : bad) BOOST_TEST(outcome(token) == "TOKEN_INVALID", token.substr(0, 40));
    BOOST_TEST(outcome(forge::token(forge::claim_set{}.with("exp", "1000"))) == "TOKEN_EXPIRED");
    BOOST_TEST(source.fetches() == 0u);
    BOOST_TEST(server.requests() == 0u);
    BOOST_TEST(verifier->signatures_verified() == 0u);
}

BOOST_FIXTURE_TEST_CASE(missing_certificates_are_never_the_tokens_fault, verifying_scene) {
    server.answers({404, ""});
    BOOST_TEST(outcome(forge::token()) == "IDENTITY_UNAVAILABLE");
    BOOST_TEST(outcome(forge::token_of("unknown", *forge::keys().good)) == "IDENTITY_UNAVAILABLE");
    server.answers({200, forge::both_certificates()});
    BOOST_TEST(outcome(forge::token(), 1s) == "OK");
}

BOOST_FIXTURE_TEST_CASE(a_dead_server_leaves_known_kids_working_and_unknown_ones_undecided, verifying_scene) {
    BOOST_TEST(outcome(numbered(1)) == "OK");
    server.answers({500, ""});
    BOOST_TEST(outcome(numbered(2), 200s) == "OK");
    BOOST_TEST(outcome(forge::token_of("unknown", *forge::keys().good), 200s) == "IDENTITY_UNAVAILABLE");
}

BOOST_FIXTURE_TEST_CASE(a_signature_found_wrong_is_remembered_for_a_minute, verifying_scene) {
    BOOST_TEST(outcome(forge::token()) == "OK"); // fetches at 0 s, fresh until 100 s
    const auto forged = forge::token_of(forge::keys().good_kid, *forge::keys().attacker);
    BOOST_TEST(outcome(forged, 90s) == "TOKEN_INVALID");
    // Were it looked at again, the certificates would be fetched and the key be the right one.
    server.answers({200, forge::certificates_json({{forge::keys().good_kid, forge::keys().attacker}})});
    for (int n = 0; n < 1000; ++n) BOOST_REQUIRE(outcome(forged, 150s - 1ms) == "TOKEN_INVALID");
    BOOST_TEST(verifier->signatures_verified() == 2u);
    BOOST_TEST(source.fetches() == 1u);
    BOOST_TEST(outcome(forged, 150s) == "OK");
    BOOST_TEST(source.fetches() == 2u);
}

BOOST_FIXTURE_TEST_CASE(the_token_used_least_recently_is_forgotten_first, verifying_scene) {
    verifier = auth::make_firebase_verifier(home, source, {.project = forge::project, .remembered = 2});
    BOOST_TEST(outcome(numbered(1)) == "OK");
    BOOST_TEST(outcome(numbered(2)) == "OK");
    BOOST_TEST(verifier->remembered(numbered(1), forge::now));
    BOOST_TEST(outcome(numbered(3)) == "OK");
    BOOST_TEST(verifier->remembered(numbered(1), forge::now));
    BOOST_TEST(!verifier->remembered(numbered(2), forge::now));
    BOOST_TEST(verifier->remembered(numbered(3), forge::now));
}

namespace {

task<void> verify_one(scene& all, auth::token_verifier& verifier, std::string token, std::atomic<int>& good,
                      std::atomic<int>& ended) {
    std::string outcome;
    co_await scene::verify_into(outcome, verifier, token, forge::now);
    if (outcome == "OK") ++good;
    if (++ended == 60) all.home.post([&all] { all.home.stop(); });
}

} // namespace

BOOST_FIXTURE_TEST_CASE(sixty_cold_verifications_on_two_reactors_verify_each_token_once, verifying_scene) {
    net::reactor other(1);
    const auto elsewhere = auth::make_firebase_verifier(other, source, {forge::project, peers});
    std::atomic<int> good = 0;
    std::atomic<int> ended = 0;
    server.hold();
    for (int n = 0; n < 30; ++n) spawn(verify_one(*this, *verifier, numbered(n % 3), good, ended));
    other.post([&] {
        for (int n = 0; n < 30; ++n) spawn(verify_one(*this, *elsewhere, numbered(n % 3), good, ended));
        home.post([&] { server.release(); });
    });
    std::thread thread([&] { other.run(); });
    home.run();
    other.post([&] { other.stop(); });
    thread.join();
    BOOST_TEST(good == 60);
    BOOST_TEST(verifier->signatures_verified() + elsewhere->signatures_verified() == 3u);
    for (int n = 0; n < 3; ++n) {
        BOOST_TEST(verifier->remembered(numbered(n), forge::now));
        BOOST_TEST(elsewhere->remembered(numbered(n), forge::now));
    }
    BOOST_TEST(source.fetches() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
