#include "auth/revocation.hpp"
#include "auth/scene.hpp"

BOOST_AUTO_TEST_SUITE(revocation)

using namespace byot;
using namespace std::chrono_literals;

namespace {

auth::identity somebody(std::string_view tenant = {}) {
    auth::identity who;
    who.user = user_id::in_tenant(tenant, "somebody \"else\"");
    who.signed_in_at = wall_time(1700000000500ms);
    return who;
}

/// A user as accounts:lookup answers, with `more` members.
std::string found(std::string_view more, std::string_view id = R"("somebody \"else\"")") {
    return fmt::format(R"({{"kind":"identitytoolkit#GetAccountInfoResponse","users":[{{"localId":{}{}}}]}})",
                       id, more);
}

std::string outcome_of(const result<void>& answer) {
    return answer ? "OK" : std::string(describe(answer.error().why()).name);
}

using shared_secret = std::shared_ptr<const secret>;

task<result<shared_secret>> good_token() {
    co_return std::make_shared<const secret>(secret::copy_of("access-1"));
}
task<result<shared_secret>> no_token() {
    co_return failure(reason::upstream_timeout);
}

struct asking_scene : scene {
    std::string ask(auth::revocation_check::access_token token = &good_token,
                    std::chrono::seconds limit = 10s, std::string_view tenant = {}) {
        auth::revocation_check check(pool, server.address("/base"), "trainer-1", std::move(token));
        std::string outcome;
        const auto who = somebody(tenant);
        run(ask_into(outcome, check, who, steady_now() + limit));
        return outcome;
    }

private:
    static task<void> ask_into(std::string& outcome, auth::revocation_check& check, const auth::identity& who,
                               steady_time limit) {
        const auto answer = co_await check.check(who, limit);
        outcome = outcome_of(answer);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(an_answer_says_fine_revoked_or_nothing_plain) {
    const struct {
        std::string json;
        std::string_view outcome;
    } rows[] = {
        {found(""), "OK"},
        {found(R"(,"validSince":"1600000000")"), "OK"},
        {found(R"(,"validSince":"1700000000")"), "OK"},
        {found(R"(,"validSince":1700000000)"), "OK"},
        {found(R"(,"validSince":"1700000001")"), "TOKEN_REVOKED"},
        {found(R"(,"validSince":1700000001)"), "TOKEN_REVOKED"},
        {found(R"(,"disabled":false)"), "OK"},
        {found(R"(,"disabled":true)"), "TOKEN_REVOKED"},
        {found(R"(,"disabled":true,"validSince":"1800000000")"), "TOKEN_REVOKED"},
        {R"({"kind":"identitytoolkit#GetAccountInfoResponse"})", "TOKEN_REVOKED"},
        {R"({"users":[]})", "TOKEN_REVOKED"},
        {"", "IDENTITY_UNAVAILABLE"},
        {"[]", "IDENTITY_UNAVAILABLE"},
        {"not-json", "IDENTITY_UNAVAILABLE"},
        {R"({"error":{"code":400}})", "IDENTITY_UNAVAILABLE"},
        {R"({"users":null})", "IDENTITY_UNAVAILABLE"},
        {R"({"users":{}})", "IDENTITY_UNAVAILABLE"},
        {R"({"users":[1]})", "IDENTITY_UNAVAILABLE"},
        {R"({"users":[{}]})", "IDENTITY_UNAVAILABLE"},
        {R"({"users":[{"localId":"a"},{"localId":"b"}]})", "IDENTITY_UNAVAILABLE"},
        {found("", "\"other\""), "IDENTITY_UNAVAILABLE"},
        {found(R"(,"disabled":"false")"), "IDENTITY_UNAVAILABLE"},
        {found(R"(,"validSince":"")"), "IDENTITY_UNAVAILABLE"},
        {found(R"(,"validSince":"17e8")"), "IDENTITY_UNAVAILABLE"},
        {found(R"(,"validSince":"99999999999999999999")"), "IDENTITY_UNAVAILABLE"},
        {found(R"(,"validSince":null)"), "IDENTITY_UNAVAILABLE"},
        {found(R"(,"validSince":"1700000001","validSince":"0")"), "IDENTITY_UNAVAILABLE"},
    };
    for (const auto& row : rows) {
        BOOST_TEST(outcome_of(auth::check_lookup(row.json, somebody())) == row.outcome, row.json);
    }
}

BOOST_AUTO_TEST_CASE(a_disabled_account_is_named_before_a_revoked_session) {
    const auto both = auth::check_lookup(found(R"(,"disabled":true,"validSince":"1800000000")"), somebody());
    BOOST_TEST(both.error().message().find("disabled") != std::string_view::npos);
}

BOOST_FIXTURE_TEST_CASE(the_question_names_the_user_and_carries_the_access_token, asking_scene) {
    server.answers({200, found("")});
    BOOST_TEST(ask() == "OK");
    const auto asked = server.last_request();
    BOOST_TEST(asked.starts_with("POST /base/v1/projects/trainer-1/accounts:lookup HTTP/1.1\r\n"));
    BOOST_TEST(asked.find("authorization: Bearer access-1\r\n") != std::string::npos);
    BOOST_TEST(asked.ends_with("\r\n\r\n{\"localId\":[\"somebody \\\"else\\\"\"]}"));
}

BOOST_AUTO_TEST_CASE(an_account_of_another_tenant_is_not_the_one_that_was_asked_for) {
    const struct {
        std::string_view tenant;
        std::string_view more;
        std::string_view outcome;
    } rows[] = {
        {"", "", "OK"},
        {"acme-x1y2z", R"(,"tenantId":"acme-x1y2z")", "OK"},
        {"acme-x1y2z", "", "OK"}, // it was asked for in its tenant
        {"acme-x1y2z", R"(,"tenantId":"acme-x1y2z","disabled":true)", "TOKEN_REVOKED"},
        {"acme-x1y2z", R"(,"tenantId":"acme-x1y2z","validSince":"1700000001")", "TOKEN_REVOKED"},
        {"acme-x1y2z", R"(,"tenantId":"other-x1y2z")", "IDENTITY_UNAVAILABLE"},
        {"acme-x1y2z", R"(,"tenantId":"")", "IDENTITY_UNAVAILABLE"},
        {"acme-x1y2z", R"(,"tenantId":null)", "IDENTITY_UNAVAILABLE"},
        {"", R"(,"tenantId":"acme-x1y2z")", "IDENTITY_UNAVAILABLE"},
    };
    for (const auto& row : rows) {
        BOOST_TEST(outcome_of(auth::check_lookup(found(row.more), somebody(row.tenant))) == row.outcome,
                   row.tenant << row.more);
    }
}

BOOST_FIXTURE_TEST_CASE(a_tenants_account_is_asked_for_in_its_tenant, asking_scene) {
    server.answers({200, found(R"(,"tenantId":"acme-x1y2z")")});
    BOOST_TEST(ask(&good_token, 10s, "acme-x1y2z") == "OK");
    const auto asked = server.last_request();
    BOOST_TEST(asked.starts_with(
        "POST /base/v1/projects/trainer-1/tenants/acme-x1y2z/accounts:lookup HTTP/1.1\r\n"));
    BOOST_TEST(asked.ends_with("\r\n\r\n{\"localId\":[\"somebody \\\"else\\\"\"]}"));
}

BOOST_FIXTURE_TEST_CASE(a_tenant_that_is_gone_ends_its_sessions, asking_scene) {
    server.answers({400, R"({"error":{"code":400,"message":"TENANT_NOT_FOUND","errors":[]}})"});
    BOOST_TEST(ask(&good_token, 10s, "acme-x1y2z") == "TOKEN_REVOKED");
    for (const auto* const other :
         {R"({"error":{"code":400,"message":"PROJECT_NOT_FOUND"}})", R"({"error":"TENANT_NOT_FOUND"})",
          R"({"message":"TENANT_NOT_FOUND"})", "x"}) {
        server.answers({400, other});
        BOOST_TEST(ask(&good_token, 10s, "acme-x1y2z") == "IDENTITY_UNAVAILABLE", other);
    }
}

BOOST_FIXTURE_TEST_CASE(an_answer_that_cannot_be_had_is_unavailable, asking_scene) {
    for (const unsigned status : {0u, 400u, 401u, 403u, 404u, 429u, 500u, 503u}) {
        server.answers({status, found("")});
        BOOST_TEST(ask() == "IDENTITY_UNAVAILABLE", status);
    }
    server.answers({200, found(R"(,"disabled":true)")});
    BOOST_TEST(ask() == "TOKEN_REVOKED");
}

BOOST_FIXTURE_TEST_CASE(without_an_access_token_nothing_is_asked, asking_scene) {
    BOOST_TEST(ask(&no_token) == "IDENTITY_UNAVAILABLE");
    BOOST_TEST(server.requests() == 0u);
}

BOOST_FIXTURE_TEST_CASE(an_answer_that_is_late_is_unavailable, asking_scene) {
    server.hold();
    BOOST_TEST(ask(&good_token, 1s) == "IDENTITY_UNAVAILABLE");
    server.release();
}

BOOST_AUTO_TEST_SUITE_END()
