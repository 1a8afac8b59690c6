#include "google/token_issuer.hpp"

#include "google/service_account_file.hpp"
#include "http/scripted_server.hpp"

using namespace byot;
using namespace byot::google;
using http::test::answer_of;
using http::test::scripted_server;
using http::test::turn;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view access_answer =
    R"({"access_token":"ya29.a","expires_in":3599,"token_type":"Bearer"})";
constexpr std::string_view flavor = "Metadata-Flavor: Google\r\n";

struct issuer_fixture : net::testing::reactor_fixture {
    net::connector open{home, net::make_client_tls()};
    net::connection_pool pool{home, open};

    static url address_of(const scripted_server& server) {
        return parse_url(fmt::format("http://127.0.0.1:{}", server.port())).value();
    }

    /// The token, or the failure's sentence.
    std::string issue(credentials with, std::string audience = {}, std::chrono::milliseconds limit = 10s) {
        token_issuer issuer(pool, std::make_shared<const credentials>(std::move(with)), std::move(audience));
        std::string told;
        run(issue_into(told, issuer, steady_now() + limit));
        return told;
    }
    static task<void> issue_into(std::string& told, token_issuer& issuer, steady_time limit) {
        const auto token = co_await issuer.issue(limit);
        told = token ? std::string(token->text.expose()) : std::string(token.error().message());
        if (!token) BOOST_TEST((token.error().why() == reason::identity_unavailable));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(issuing_tokens, issuer_fixture)

BOOST_AUTO_TEST_CASE(the_metadata_server_gives_an_access_token) {
    scripted_server server(home, {{{answer_of(access_answer, flavor)}}});
    BOOST_TEST(issue(metadata_server{address_of(server)}) == "ya29.a");
    BOOST_TEST_REQUIRE(server.requests.size() == 1u);
    BOOST_TEST(server.requests.front().starts_with(
        "GET /computeMetadata/v1/instance/service-accounts/default/token HTTP/1.1\r\n"));
    BOOST_TEST(server.requests.front().find("\r\nMetadata-Flavor: Google\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_service_account_gets_an_identity_token_from_its_token_uri) {
    const auto claims = base64url_encode(as_bytes(R"({"aud":"https://flows","exp":4102444800})"));
    const auto token = "e30." + claims + ".c2ln";
    scripted_server server(home, {{{answer_of(R"({"id_token":")" + token + R"("})")}}});
    auto members = testing::service_account_members();
    members["token_uri"] = fmt::format("http://127.0.0.1:{}/token", server.port());
    auto with = parse_credentials(secret::copy_of(boost::json::serialize(members)));
    BOOST_TEST(issue(std::move(*with), "https://flows") == token);
    BOOST_TEST_REQUIRE(server.requests.size() == 1u);
    BOOST_TEST(server.requests.front().starts_with("POST /token HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(a_refusal_a_lost_answer_and_a_silent_server_are_told_apart) {
    const turn refuses{"HTTP/1.1 404 Not Found\r\nMetadata-Flavor: Google\r\nContent-Length: 0\r\n\r\n"};
    scripted_server refusing(home, {{refuses}});
    BOOST_TEST(issue(metadata_server{address_of(refusing)}) == "Asked for a token, Google answered 404.");

    scripted_server resetting(home, {{{"", turn::after::reset}}});
    BOOST_TEST(
        issue(metadata_server{address_of(resetting)}).starts_with("Google could not be asked for a token"));

    scripted_server silent(home, {});
    const auto before = steady_now();
    BOOST_TEST(issue(metadata_server{address_of(silent)}, "", 200ms)
                   .starts_with("Google could not be asked for a token"));
    BOOST_TEST((steady_now() - before < 5s));
}

BOOST_AUTO_TEST_CASE(what_the_credentials_cannot_give_is_not_asked_for) {
    scripted_server server(home, {});
    authorized_user user{"id", secret::copy_of("secret"), secret::copy_of("refresh"), address_of(server)};
    BOOST_TEST(issue(std::move(user), "https://flows").starts_with("A user's credentials file"));
    BOOST_TEST(server.connections == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
