#include "config/usable_cpus.hpp"
#include "environments.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot::config;
using namespace byot::config::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(parsing)

BOOST_AUTO_TEST_CASE(the_least_environment_has_no_problem) {
    BOOST_TEST(problems_of(with({})) == "");
}

BOOST_AUTO_TEST_CASE(unset_variables_have_the_documented_defaults) {
    const auto values = values_of({});
    BOOST_TEST(values.port == 8080);
    BOOST_TEST(values.bind == "0.0.0.0");
    BOOST_TEST(values.admin_port == 9090);
    BOOST_TEST(values.reactors == usable_cpus());
    BOOST_TEST((values.role == role::all));
    BOOST_TEST(values.firebase_project == "demo-project");
    BOOST_TEST(values.firebase_keys_url.text ==
               "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com");
    BOOST_TEST(values.metadata_host.text == "metadata.google.internal");
    BOOST_TEST(values.identity_url.text == "https://identitytoolkit.googleapis.com");
    BOOST_TEST(values.provider_urls.at("googleai").text == "https://generativelanguage.googleapis.com");
    BOOST_TEST(values.provider_urls.at("openai").text == "https://api.openai.com");
    BOOST_TEST(values.provider_urls.at("anthropic").text == "https://api.anthropic.com");
    BOOST_TEST(values.provider_urls.at("mistral").text == "https://api.mistral.ai");
    BOOST_TEST(values.provider_urls.at("openrouter").text == "https://openrouter.ai");
    BOOST_TEST(values.provider_urls.at("deepseek").text == "https://api.deepseek.com");
    const std::vector<std::string> providers{"googleai", "openai", "anthropic"};
    BOOST_TEST(values.providers == providers);
    BOOST_TEST(values.allowed_origins.empty());
    BOOST_TEST(values.checks_keys);
    BOOST_TEST(values.checks_revocation);
    BOOST_TEST((values.key_cache_ttl == 30s));
    BOOST_TEST(values.rate_per_user.value().count == 60u);
    BOOST_TEST((values.rate_per_user.value().period == 60s));
    BOOST_TEST(values.rate_per_ip.value().count == 300u);
    BOOST_TEST(values.max_key_body == 16u * 1024);
    BOOST_TEST(values.max_ai_body == 8u * 1024 * 1024);
    BOOST_TEST((values.request_timeout == 900s));
    BOOST_TEST((values.drain_timeout == 8s));
    BOOST_TEST(values.trusted_hops == 0u);
    BOOST_TEST(!values.is_cloud_run);
}

BOOST_AUTO_TEST_CASE(every_given_value_arrives) {
    const auto values = values_of({{"PORT", "0"},
                                   {"BYOT_BIND", "::1"},
                                   {"BYOT_ADMIN_PORT", "0"},
                                   {"BYOT_REACTORS", "3"},
                                   {"BYOT_FIREBASE_PROJECT", "other-project"},
                                   {"BYOT_GENKIT_AUDIENCE", "https://flows.example.com"},
                                   {"BYOT_ALLOWED_ORIGINS", "https://a.example, http://localhost:3000"},
                                   {"BYOT_PROVIDERS", "mistral, openai"},
                                   {"BYOT_KEY_CHECK", "off"},
                                   {"BYOT_REVOCATION_CHECK", "off"},
                                   {"BYOT_KEY_CACHE_TTL", "0s"},
                                   {"BYOT_RATE_PER_USER", "off"},
                                   {"BYOT_RATE_PER_IP", "5/s"},
                                   {"BYOT_MAX_KEY_BODY", "2k"},
                                   {"BYOT_HEADER_TIMEOUT", "250ms"},
                                   {"BYOT_REQUEST_TIMEOUT", "1h"},
                                   {"BYOT_TRUSTED_HOPS", "2"},
                                   {"BYOT_LOG_LEVEL", "warning"},
                                   {"BYOT_LOG_FORMAT", "text"},
                                   {"GCE_METADATA_HOST", "localhost:8888"},
                                   {"GOOGLE_APPLICATION_CREDENTIALS", "/etc/credentials.json"}});
    const std::vector<std::string> origins{"https://a.example", "http://localhost:3000"};
    const std::vector<std::string> providers{"mistral", "openai"};
    BOOST_TEST(values.port == 0);
    BOOST_TEST(values.bind == "::1");
    BOOST_TEST(values.admin_port == 0);
    BOOST_TEST(values.reactors == 3u);
    BOOST_TEST(values.firebase_project == "other-project");
    BOOST_TEST(values.google_project == "demo-project");
    BOOST_TEST(values.genkit_audience == "https://flows.example.com");
    BOOST_TEST(values.allowed_origins == origins);
    BOOST_TEST(values.providers == providers);
    BOOST_TEST(!values.checks_keys);
    BOOST_TEST(!values.checks_revocation);
    BOOST_TEST((values.key_cache_ttl == 0s));
    BOOST_TEST(!values.rate_per_user.has_value());
    BOOST_TEST((values.rate_per_ip.value().period == 1s));
    BOOST_TEST(values.max_key_body == 2048u);
    BOOST_TEST((values.header_timeout == 250ms));
    BOOST_TEST((values.request_timeout == 3600s));
    BOOST_TEST(values.trusted_hops == 2u);
    BOOST_TEST((values.log_level == log_level::warning));
    BOOST_TEST((values.log_format == log_format::text));
    BOOST_TEST(values.metadata_host.text == "localhost:8888");
    BOOST_TEST(values.google_credentials == "/etc/credentials.json");
}

BOOST_AUTO_TEST_CASE(every_problem_is_told_at_once_in_the_order_of_the_table) {
    BOOST_TEST(
        problems_of({{"PORT", "http"},
                     {"BYOT_ROLE", "keys"},
                     {"BYOT_BIND", "localhost"},
                     {"BYOT_HEADER_TIMEOUT", "10"},
                     {"BYOT_STORAGE", "1"}}) ==
        "PORT: must be a whole number from 0 to 65535\n"
        "BYOT_BIND: must be an IPv4 or IPv6 address, without a port: 0.0.0.0, 127.0.0.1 or ::, say\n"
        "BYOT_STORE: is required: `sqlite:PATH`, `firestore:PROJECT` or `firestore:PROJECT/DATABASE`\n"
        "BYOT_KEYRING: is required: path of the keyring file\n"
        "BYOT_HEADER_TIMEOUT: must be from 100ms to 24h: a whole number with ms, s, m or h, such as 30s\n"
        "BYOT_FIREBASE_PROJECT: is required when GOOGLE_CLOUD_PROJECT is not set\n"
        "BYOT_STORAGE: is not a known variable; did you mean BYOT_STORE?\n");
}

BOOST_AUTO_TEST_CASE(an_empty_variable_counts_as_unset) {
    BOOST_TEST(problem_with("PORT", "") == "");
    BOOST_TEST(problem_with("BYOT_TYPO", "") == "");
    BOOST_TEST(values_of({{"K_SERVICE", ""}}).is_cloud_run == false);
    BOOST_TEST(values_of({{"BYOT_MAX_KEY_BODY", ""}}).max_key_body == 16u * 1024);
    BOOST_TEST(problem_with("BYOT_KEYRING", "") == "BYOT_KEYRING: is required: path of the keyring file\n");
}

BOOST_AUTO_TEST_CASE(a_line_end_in_a_value_is_told_without_the_value) {
    BOOST_TEST(problem_with("BYOT_KEYRING", "/key\nring") ==
               "BYOT_KEYRING: must not hold a control character, such as a line's end\n");
}

BOOST_AUTO_TEST_CASE(variables_of_others_are_nobodys_business) {
    BOOST_TEST(problem_with("HOME", "/root") == "");
    BOOST_TEST(problem_with("BYOTX", "1") == "");
    BOOST_TEST(problem_with("byot_port", "1") == "");
}

BOOST_AUTO_TEST_CASE(a_role_other_than_keys_needs_an_upstream) {
    const std::string missing = "BYOT_GENKIT_URL: is required when BYOT_ROLE is all or ai\n";
    BOOST_TEST(problems_of(with({{"BYOT_GENKIT_URL", ""}})) == missing);
    BOOST_TEST(problems_of(with({{"BYOT_GENKIT_URL", ""}, {"BYOT_ROLE", "ai"}})) == missing);
    BOOST_TEST(problems_of(with({{"BYOT_GENKIT_URL", ""}, {"BYOT_ROLE", "keys"}})) == "");
}

BOOST_AUTO_TEST_CASE(the_role_keys_has_no_upstream_even_when_one_is_given) {
    BOOST_TEST(!values_of({{"BYOT_ROLE", "keys"}}).genkit_url);
    BOOST_TEST(values_of({{"BYOT_ROLE", "ai"}}).genkit_url.value().text == "http://127.0.0.1:3400");
}

BOOST_AUTO_TEST_CASE(a_firebase_project_is_enough_without_a_google_one) {
    const auto variables = with({{"GOOGLE_CLOUD_PROJECT", ""}, {"BYOT_FIREBASE_PROJECT", "demo"}});
    BOOST_TEST(problems_of(variables) == "");
    BOOST_TEST(parse(variables).values.firebase_project == "demo");
}

BOOST_AUTO_TEST_CASE(the_two_ports_must_differ) {
    BOOST_TEST(problem_with("PORT", "9090") == "BYOT_ADMIN_PORT: must not be PORT's\n");
    BOOST_TEST(problems_of(with({{"PORT", "0"}, {"BYOT_ADMIN_PORT", "0"}})) == "");
}

BOOST_AUTO_TEST_SUITE_END()
