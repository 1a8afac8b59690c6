#include "google/credentials.hpp"

#include "google/service_account_file.hpp"

using namespace byot;
using namespace byot::google;
using namespace byot::google::testing;

namespace {

credentials_result read(const boost::json::object& members) {
    return parse_credentials(secret::copy_of(boost::json::serialize(members)));
}

std::string problem_of(std::string_view text) {
    const auto parsed = parse_credentials(secret::copy_of(text));
    return parsed ? std::string() : parsed.error().message;
}
std::string problem_of(const boost::json::object& members) {
    return problem_of(boost::json::serialize(members));
}

boost::json::object with(boost::json::object members, std::string_view name, boost::json::value value) {
    members[name] = std::move(value);
    return members;
}
boost::json::object without(boost::json::object members, std::string_view name) {
    members.erase(name);
    return members;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reading_credentials)

BOOST_AUTO_TEST_CASE(a_service_accounts_file_is_read_whole) {
    const auto parsed = read(service_account_members());
    BOOST_TEST_REQUIRE(parsed.has_value());
    const auto& account = std::get<service_account>(*parsed);
    BOOST_TEST(account.client_email == "relay@trainer-1.iam.gserviceaccount.com");
    BOOST_TEST(account.private_key_id == "0123abcd");
    BOOST_TEST(account.private_key.expose() == pem_of(*account_key()));
    BOOST_TEST(account.token_uri.origin.host == "oauth2.googleapis.com");
    BOOST_TEST(account.token_uri.origin.is_tls);
    BOOST_TEST(account.token_uri.path == "/token");
}

BOOST_AUTO_TEST_CASE(a_users_file_is_read_and_asks_google_unless_it_names_another) {
    const auto parsed = read(user_members());
    BOOST_TEST_REQUIRE(parsed.has_value());
    const auto& user = std::get<authorized_user>(*parsed);
    BOOST_TEST(user.client_id == "764086051850-x.apps.googleusercontent.com");
    BOOST_TEST(user.client_secret.expose() == "d-FL95Q19q7MQmFpd7hHD0Ty");
    BOOST_TEST(user.refresh_token.expose() == "1//09-refresh+token/with=signs");
    BOOST_TEST(user.token_uri.origin.host == "oauth2.googleapis.com");

    const auto local = read(with(user_members(), "token_uri", "http://127.0.0.1:9/t"));
    BOOST_TEST_REQUIRE(local.has_value());
    BOOST_TEST(std::get<authorized_user>(*local).token_uri.origin.port == 9);
}

BOOST_AUTO_TEST_CASE(what_is_no_object_with_each_name_once_is_no_credentials_file) {
    for (const auto* const text :
         {"", " ", "null", "[]", "\"service_account\"", "{", "{}{}", R"({"type":"authorized_user",})",
          R"({"type":"authorized_user","type":"authorized_user"})", "{\"type\":\"\xff\"}"}) {
        BOOST_TEST_CONTEXT(text) BOOST_TEST(problem_of(text) != "");
    }
}

BOOST_AUTO_TEST_CASE(each_member_that_is_needed_is_missed_by_its_name) {
    for (const auto* const name : {"client_email", "private_key"}) {
        BOOST_TEST(problem_of(without(service_account_members(), name)).starts_with(name));
        BOOST_TEST(problem_of(with(service_account_members(), name, "")).starts_with(name));
        BOOST_TEST(problem_of(with(service_account_members(), name, 7)).starts_with(name));
    }
    for (const auto* const name : {"client_id", "client_secret", "refresh_token"}) {
        BOOST_TEST(problem_of(without(user_members(), name)).starts_with(name));
        BOOST_TEST(problem_of(with(user_members(), name, nullptr)).starts_with(name));
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_sign_is_noticed_when_the_file_is_read) {
    const auto small = share(EVP_RSA_gen(1024U));
    const auto elliptic = share(EVP_EC_gen("P-256"));
    const auto whole = pem_of(*account_key());
    for (const auto& key : {std::string("secret-but-no-key"), whole.substr(0, whole.size() / 2),
                            pem_of(*small), pem_of(*elliptic), pem_of(*account_key(), "password")}) {
        BOOST_TEST(problem_of(with(service_account_members(), "private_key", key.c_str()))
                       .starts_with("private_key"));
    }
}

BOOST_AUTO_TEST_CASE(a_token_uri_is_https_or_on_this_machine) {
    const auto with_uri = [](const char* uri) { return with(service_account_members(), "token_uri", uri); };
    for (const auto* const uri : {"https://example.com/token", "http://localhost:8080/t", "http://[::1]/t"})
        BOOST_TEST_CONTEXT(uri) BOOST_TEST(problem_of(with_uri(uri)) == "");
    for (const auto* const uri : {"http://example.com/token", "http://localhost.example.com/",
                                  "ftp://127.0.0.1/", "", "token", "https://user@example.com/"})
        BOOST_TEST_CONTEXT(uri) BOOST_TEST(problem_of(with_uri(uri)).starts_with("token_uri"));
}

BOOST_AUTO_TEST_CASE(other_types_are_told_by_their_name_only_when_google_has_them) {
    for (const std::string type : {"external_account", "impersonated_service_account"}) {
        const auto problem = problem_of(with(user_members(), "type", type.c_str()));
        BOOST_TEST(problem.find(type) != std::string::npos);
    }
    const auto problem = problem_of(with(user_members(), "type", "sk-pasted-by-mistake"));
    BOOST_TEST(problem.find("sk-pasted") == std::string::npos);
    BOOST_TEST(problem.starts_with("type"));
    BOOST_TEST(problem_of(without(user_members(), "type")).starts_with("type"));
}

BOOST_AUTO_TEST_SUITE_END()
