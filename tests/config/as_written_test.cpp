#include "environments.hpp"

#include <boost/test/unit_test.hpp>

// Values as files, tools and people write them.

using namespace byot::config;
using namespace byot::config::test;

namespace {

struct row {
    std::string_view name;
    std::string_view value;
    std::string_view line; ///< of the description
};

const std::vector<row> taken{
    {"PORT", "8080\n", "PORT=8080"}, // `echo 8080 | gcloud secrets versions add`
    {"PORT", "8080\r", "PORT=8080"}, // a file from Windows
    {"PORT", "8080\r\n", "PORT=8080"},
    {"PORT", " 8080\t ", "PORT=8080"},
    {"PORT", "\"8080\"", "PORT=8080"}, // docker run --env-file
    {"PORT", "'8080'\r", "PORT=8080"},
    {"PORT", "\" 8080 \"", "PORT=8080"},
    {"PORT", "08080", "PORT=8080"},
    {"BYOT_IDLE_TIMEOUT", "30s\n", "BYOT_IDLE_TIMEOUT=30s"},
    {"BYOT_KEY_CHECK", "off\r\n", "BYOT_KEY_CHECK=off"},
    {"BYOT_KEYRING", "/etc/keyring.json\n", "BYOT_KEYRING=/etc/keyring.json"},
    {"BYOT_KEYRING", "\"/etc/my keyring.json\"", "BYOT_KEYRING=/etc/my keyring.json"},
    {"BYOT_KEYRING", "/etc/o'brien", "BYOT_KEYRING=/etc/o'brien"},
    {"BYOT_STORE", "'sqlite:/data/keys.sqlite'", "BYOT_STORE=sqlite:/data/keys.sqlite"},
    {"BYOT_GENKIT_URL", "http://127.0.0.1:3400/\n", "BYOT_GENKIT_URL=http://127.0.0.1:3400/"},
    {"BYOT_GENKIT_URL", "HTTPS://Flows.Example.com/api/", "BYOT_GENKIT_URL=HTTPS://Flows.Example.com/api/"},
    {"BYOT_GENKIT_URL", "http://flows", "BYOT_GENKIT_URL=http://flows"},
    {"BYOT_ALLOWED_ORIGINS", " https://a.example , https://b.example\n",
     "BYOT_ALLOWED_ORIGINS=https://a.example,https://b.example"},
    {"BYOT_PROVIDERS", "\"googleai, openai\"", "BYOT_PROVIDERS=googleai,openai"},
    {"BYOT_PROVIDERS", " ", "BYOT_PROVIDERS=googleai,openai,anthropic"},
    {"BYOT_KEY_CHECK", "\"\"", "BYOT_KEY_CHECK=on"}, // an empty value in quotes is no value
    {"BYOT_LOG_LEVEL", "''", "BYOT_LOG_LEVEL=info"},
    {"BYOT_GENKIT_AUDIENCE", "\n", "BYOT_GENKIT_AUDIENCE="},
    {"BYOT_KEYRING", "\"'/etc/keyring.json'\"", "BYOT_KEYRING=/etc/keyring.json"},
    {"BYOT_REACTORS", "007", "BYOT_REACTORS=7"},
};

struct refusal {
    std::string_view name;
    std::string_view value;
    std::string_view told; ///< part of the message: what to write
};

const std::vector<refusal> refused{
    // Durations.
    {"BYOT_IDLE_TIMEOUT", "75", "such as 30s"},
    {"BYOT_IDLE_TIMEOUT", "0", "such as 30s"},
    {"BYOT_IDLE_TIMEOUT", "75S", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "75 s", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "75sec", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "1m15s", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "1.25m", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "PT75S", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "1d", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "off", "ms, s, m or h"},
    {"BYOT_IDLE_TIMEOUT", "75s # seconds", "ms, s, m or h"},
    {"BYOT_KEY_CACHE_TTL", "0", "from 0s to 1h"},
    // Sizes.
    {"BYOT_MAX_AI_BODY", "8M", "k or m, such as 64k"},
    {"BYOT_MAX_AI_BODY", "8MB", "k or m"},
    {"BYOT_MAX_AI_BODY", "8Mi", "k or m"},
    {"BYOT_MAX_AI_BODY", "8388608", "k or m"},
    {"BYOT_MAX_AI_BODY", "1g", "k or m"},
    // Rates.
    {"BYOT_RATE_PER_USER", "60/min", "such as 60/m, or off"},
    {"BYOT_RATE_PER_USER", "60/1m", "N/s, N/m or N/h"},
    {"BYOT_RATE_PER_USER", "60 / m", "N/s, N/m or N/h"},
    {"BYOT_RATE_PER_USER", "0", "or off"},
    {"BYOT_RATE_PER_USER", "none", "or off"},
    // Switches.
    {"BYOT_KEY_CHECK", "true", "on or off"},
    {"BYOT_KEY_CHECK", "False", "on or off"},
    {"BYOT_KEY_CHECK", "1", "on or off"},
    {"BYOT_KEY_CHECK", "0", "on or off"},
    {"BYOT_KEY_CHECK", "yes", "on or off"},
    {"BYOT_DEVELOPMENT", "On", "on or off, in lower case"},
    {"BYOT_DEVELOPMENT", "enabled", "on or off"},
    // Words.
    {"BYOT_LOG_LEVEL", "INFO", "one of: debug, info, warning, error"},
    {"BYOT_LOG_LEVEL", "warn", "one of: debug, info, warning, error"},
    {"BYOT_ROLE", "key", "one of: all, keys, ai"},
    // Addresses.
    {"BYOT_GENKIT_URL", "127.0.0.1:3400", "such as https://"},
    {"BYOT_GENKIT_URL", "localhost:3400", "such as https://"},
    {"BYOT_GENKIT_URL", "flows.example.com", "such as https://"},
    {"BYOT_GENKIT_URL", "http:/flows", "host"},
    {"BYOT_GENKIT_URL", "grpc://flows", "http or https"},
    {"BYOT_GENKIT_URL", "http://flows:3400,http://other:3400", "a port"},
    {"BYOT_BIND", "localhost", "127.0.0.1"},
    {"BYOT_BIND", "*", "0.0.0.0"},
    {"BYOT_BIND", "0.0.0.0:8080", "without a port"},
    {"BYOT_BIND", "[::]", "IPv6 address"},
    {"BYOT_ALLOWED_ORIGINS", "https://app.example.com/", "not even a slash"},
    {"BYOT_ALLOWED_ORIGINS", "https://App.Example.com", "lower case"},
    {"BYOT_ALLOWED_ORIGINS", "https://app.example.com:443", "leave the scheme's own port out"},
    {"BYOT_ALLOWED_ORIGINS", "https://a.example,", "item 2: is empty"},
    {"BYOT_ALLOWED_ORIGINS", "https://a.example https://b.example", "by a comma"},
    {"BYOT_ALLOWED_ORIGINS", "https://a.example; https://b.example", "by a comma"},
    {"BYOT_ALLOWED_ORIGINS", "[\"https://a.example\"]", "neither quotes nor brackets"},
    {"BYOT_ALLOWED_ORIGINS", "\"https://a.example\",\"https://b.example\"", "neither quotes nor brackets"},
    {"FIRESTORE_EMULATOR_HOST", "http://localhost:8080", "without a scheme"},
    {"GCE_METADATA_HOST", "http://metadata.google.internal", "without a scheme"},
    // Projects.
    {"BYOT_FIREBASE_PROJECT", "123456789012", "not a project's number"},
    {"GOOGLE_CLOUD_PROJECT", "123456789012", "not a project's number"},
    {"BYOT_STORE", "firestore:123456789012", "not a project's number"},
    {"BYOT_FIREBASE_PROJECT", "My Project", "project id"},
    {"BYOT_FIREBASE_PROJECT", "projects/shop", "project id"},
    // Paths and stores.
    {"BYOT_KEYRING", "~/keyring.json", "no shell"},
    {"BYOT_KEYRING", "$HOME/keyring.json", "no shell"},
    {"BYOT_KEYRING", "${KEYRING}", "no shell"},
    {"BYOT_KEYRING", "file:///etc/keyring.json", "without file:"},
    {"GOOGLE_APPLICATION_CREDENTIALS", "~/sa.json", "no shell"},
    {"BYOT_STORE", "sqlite:~/keys.sqlite", "no shell"},
    {"BYOT_STORE", "sqlite:///data/keys.sqlite", "without //"},
    {"BYOT_STORE", "sqlite://data/keys.sqlite", "without //"},
    {"BYOT_STORE", "sqlite::memory:", "lost at the end"},
    {"BYOT_STORE", "/data/keys.sqlite", "sqlite:PATH"},
    {"BYOT_STORE", "SQLITE:/data/keys.sqlite", "sqlite:PATH"},
    {"BYOT_STORE", "firestore", "firestore:PROJECT"},
    {"BYOT_STORE", "firestore:(default)", "project id"},
    // Quotes that are a pair of nothing.
    {"PORT", "\"8080", "whole number"},
    {"PORT", "8080'", "whole number"},
    {"PORT", "\"", "whole number"},
    {"PORT", "\"80\"80\"", "whole number"},
    {"PORT", "8080\n8081", "line's end"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(as_written)

BOOST_AUTO_TEST_CASE(what_is_around_a_value_is_no_part_of_it) {
    for (const auto& [name, value, line] : taken) {
        const auto variables = with({{std::string(name), std::string(value)}});
        BOOST_TEST_CONTEXT(name << "=" << value) {
            BOOST_TEST(problems_of(variables) == "");
            BOOST_TEST(has_line(describe(parse(variables).values), line));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_could_mean_two_things_is_refused_with_what_to_write) {
    for (const auto& [name, value, told] : refused) {
        const auto text = problem_with(std::string(name), std::string(value));
        BOOST_TEST_CONTEXT(name << "=" << value << " gives " << text) {
            BOOST_TEST(text.starts_with(std::string(name) + ": "));
            BOOST_TEST(text.find(told) != std::string::npos);
            BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1);
        }
    }
}

// Compose files, Terraform and Cloud Run's console set variables to nothing.
BOOST_AUTO_TEST_CASE(an_optional_variable_set_to_nothing_is_absent) {
    const auto usual = describe(parse(with({})).values);
    for (const std::string nothing : {"", " ", "\n", "\"\"", "''", "\r\n", "\" \""}) {
        environment variables = with({});
        for (const std::string name : {"PORT",
                                       "K_SERVICE",
                                       "GOOGLE_APPLICATION_CREDENTIALS",
                                       "FIRESTORE_EMULATOR_HOST",
                                       "FIREBASE_AUTH_EMULATOR_HOST",
                                       "GCE_METADATA_HOST",
                                       "BYOT_BIND",
                                       "BYOT_ROLE",
                                       "BYOT_REACTORS",
                                       "BYOT_FIREBASE_PROJECT",
                                       "BYOT_GENKIT_AUDIENCE",
                                       "BYOT_ALLOWED_ORIGINS",
                                       "BYOT_PROVIDERS",
                                       "BYOT_KEY_CHECK",
                                       "BYOT_DEVELOPMENT",
                                       "BYOT_RATE_PER_USER",
                                       "BYOT_MAX_AI_BODY",
                                       "BYOT_IDLE_TIMEOUT",
                                       "BYOT_TRUSTED_HOPS",
                                       "BYOT_LOG_LEVEL",
                                       "BYOT_NOBODY_KNOWS"})
            variables.insert_or_assign(name, nothing);
        BOOST_TEST(problems_of(variables) == "");
        BOOST_TEST(describe(parse(variables).values) == usual);
    }
}

BOOST_AUTO_TEST_SUITE_END()
