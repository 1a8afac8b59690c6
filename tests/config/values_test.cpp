#include "environments.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot::config;
using namespace byot::config::test;

namespace {

struct refusal {
    std::string_view name;
    std::string_view value;
    std::string_view told; ///< part of the message
};

const std::vector<refusal> refusals{
    {"PORT", "65536", "from 0 to 65535"},
    {"PORT", "-1", "from 0 to 65535"},
    {"PORT", "+80", "whole number"},
    {"PORT", "8 0", "whole number"},
    {"PORT", "0x50", "whole number"},
    {"PORT", "99999999999999999999", "whole number"},
    {"BYOT_REACTORS", "0", "from 1 to 256"},
    {"BYOT_REACTORS", "257", "from 1 to 256"},
    {"BYOT_STREAMS_PER_USER", "0", "from 1 to 10000"},
    {"BYOT_MAX_CONNECTIONS", "0", "from 1 to 1000000"},
    {"BYOT_TRUSTED_HOPS", "17", "from 0 to 16"},
    {"BYOT_BIND", "0.0.0.0:80", "IPv4 or IPv6 address"},
    {"BYOT_BIND", "[::1]", "IPv4 or IPv6 address"},
    {"BYOT_BIND", "256.0.0.1", "IPv4 or IPv6 address"},
    {"BYOT_ROLE", "All", "one of: all, keys, ai"},
    {"BYOT_TOKEN_FIELD", "Cookie", "one of: Authorization, X-Forwarded-Authorization"},
    {"BYOT_TOKEN_FIELD", "Authorization,X-Forwarded-Authorization", "one of: Authorization"},
    {"BYOT_TOKEN_FIELD", "X-Forwarded-Authorization:", "one of: Authorization"},
    {"BYOT_ROLE", "KEYS", "one of: all, keys, ai"},
    {"BYOT_LOG_LEVEL", "warn", "one of: debug, info, warning, error"},
    {"BYOT_LOG_FORMAT", "xml", "one of: json, text"},
    {"BYOT_KEY_CHECK", "true", "on or off"},
    {"BYOT_REVOCATION_CHECK", "ON", "on or off"},
    {"BYOT_KEY_CACHE_TTL", "61m", "from 0s to 1h"},
    {"BYOT_KEY_CACHE_TTL", "30", "ms, s, m or h"},
    {"BYOT_KEY_CACHE_TTL", "1.5s", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "0s", "from 100ms to 24h"},
    {"BYOT_IDLE_TIMEOUT", "99ms", "from 100ms to 24h"},
    {"BYOT_IDLE_TIMEOUT", "25h", "from 100ms to 24h"},
    {"BYOT_IDLE_TIMEOUT", "5124095577h", "from 100ms to 24h"},
    {"BYOT_DRAIN_TIMEOUT", "-1s", "from 0s to 1h"},
    {"BYOT_MAX_KEY_BODY", "16", "with k or m"},
    {"BYOT_MAX_KEY_BODY", "16K", "with k or m"},
    {"BYOT_MAX_KEY_BODY", "0k", "from 1k to 1m"},
    {"BYOT_MAX_KEY_BODY", "2m", "from 1k to 1m"},
    {"BYOT_MAX_AI_BODY", "1025m", "from 1k to 1024m"},
    {"BYOT_MAX_AI_BODY", "18014398509481985k", "from 1k to 1024m"},
    {"BYOT_RATE_PER_USER", "0/s", "from 1 to 1000000"},
    {"BYOT_RATE_PER_USER", "1000001/s", "from 1 to 1000000"},
    {"BYOT_RATE_PER_USER", "60", "N/s, N/m or N/h"},
    {"BYOT_RATE_PER_USER", "60/d", "N/s, N/m or N/h"},
    {"BYOT_RATE_PER_IP", "/m", "N/s, N/m or N/h"},
    {"BYOT_STORE", "sqlite:", "path after sqlite:"},
    {"BYOT_STORE", "sqlite::memory:", "lost at the end"},
    {"BYOT_STORE", "/var/lib/byot.db", "sqlite:PATH, firestore:PROJECT"},
    {"BYOT_STORE", "Sqlite:x", "sqlite:PATH, firestore:PROJECT"},
    {"BYOT_STORE", "firestore:", "project id"},
    {"BYOT_STORE", "firestore:Demo", "project id"},
    {"BYOT_STORE", "firestore:a/../b", "database"},
    {"BYOT_STORE", "firestore:demo/", "database"},
    {"BYOT_STORE", "firestore:demo/abc", "database"},
    {"BYOT_STORE", "firestore:demo/1abc", "database"},
    {"BYOT_STORE", "firestore:demo/abcd-", "database"},
    {"GOOGLE_CLOUD_PROJECT", "demo project", "project id"},
    {"GOOGLE_CLOUD_PROJECT", "-demo", "project id"},
    {"BYOT_FIREBASE_PROJECT", "a/b", "project id"},
    {"BYOT_GENKIT_AUDIENCE", "a b", "without spaces"},
    {"BYOT_PROVIDERS", "googleai,", "item 2: is empty"},
    {"BYOT_PROVIDERS", ",", "item 1: is empty"},
    {"BYOT_PROVIDERS", "OpenAI", "item 1: must be one of: googleai, openai"},
    {"BYOT_PROVIDERS", "openai,3m", "item 2: must be one of: googleai, openai"},
    {"BYOT_PROVIDERS", "a23456789012345678901234567890123", "item 1: must be one of: googleai, openai"},
    {"BYOT_PROVIDERS", "openai,mistral,openai", "item 3: is there twice"},
};

struct acceptance {
    std::string_view name;
    std::string_view value;
};

const std::vector<acceptance> acceptances{
    {"PORT", "65535"},
    {"BYOT_BIND", "127.0.0.1"},
    {"BYOT_BIND", "::"},
    {"BYOT_REACTORS", "256"},
    {"BYOT_KEY_CACHE_TTL", "1h"},
    {"BYOT_IDLE_TIMEOUT", "100ms"},
    {"BYOT_IDLE_TIMEOUT", "1440m"},
    {"BYOT_DRAIN_TIMEOUT", "0s"},
    {"BYOT_MAX_KEY_BODY", "1m"},
    {"BYOT_RATE_PER_USER", "1000000/h"},
    {"BYOT_STORE", "firestore:demo-project"},
    {"BYOT_STORE", "firestore:example.com:shop/(default)"},
    {"BYOT_STORE", "firestore:demo/keys-eu"},
    {"BYOT_PROVIDERS", "mistral"},
    {"BYOT_PROVIDERS", "deepseek, openrouter,mistral,anthropic,openai,googleai"},
    {"BYOT_GENKIT_AUDIENCE", "flows"},
    {"BYOT_TOKEN_FIELD", "Authorization"},
    {"BYOT_TOKEN_FIELD", "x-forwarded-AUTHORIZATION"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(a_value_out_of_its_rule_is_told_with_the_rule) {
    for (const auto& [name, value, told] : refusals) {
        const auto text = problem_with(std::string(name), std::string(value));
        BOOST_TEST_CONTEXT(name << "=" << value << " gives " << text) {
            BOOST_TEST(text.starts_with(std::string(name) + ": "));
            BOOST_TEST(text.find(told) != std::string::npos);
            BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_value_at_the_edge_of_its_rule_is_taken) {
    for (const auto& [name, value] : acceptances) {
        BOOST_TEST_CONTEXT(name << "=" << value)
        BOOST_TEST(problem_with(std::string(name), std::string(value)) == "");
    }
}

BOOST_AUTO_TEST_CASE(the_token_field_is_a_field_name_in_any_case) {
    BOOST_TEST((values_of({}).token_field == token_field::authorization));
    for (const auto* name : {"AUTHORIZATION", "authorization"})
        BOOST_TEST((values_of({{"BYOT_TOKEN_FIELD", name}}).token_field == token_field::authorization), name);
    for (const auto* name : {"X-Forwarded-Authorization", "x-forwarded-authorization"}) {
        const auto values = values_of({{"BYOT_TOKEN_FIELD", name}});
        BOOST_TEST((values.token_field == token_field::x_forwarded_authorization), name);
        BOOST_TEST(has_line(describe(values), "BYOT_TOKEN_FIELD=X-Forwarded-Authorization"));
    }
}

BOOST_AUTO_TEST_CASE(a_store_is_exactly_one_of_the_two) {
    const auto local = values_of({{"BYOT_STORE", "sqlite:data/byot.db"}});
    BOOST_TEST(local.sqlite.value().path == "data/byot.db");
    BOOST_TEST(!local.firestore.has_value());
    const auto remote = values_of({{"BYOT_STORE", "firestore:shop"}});
    BOOST_TEST(!remote.sqlite.has_value());
    BOOST_TEST(remote.firestore.value().project == "shop");
    BOOST_TEST(remote.firestore.value().database == "(default)");
    BOOST_TEST(values_of({{"BYOT_STORE", "firestore:shop/keys"}}).firestore.value().database == "keys");
}

BOOST_AUTO_TEST_SUITE_END()
