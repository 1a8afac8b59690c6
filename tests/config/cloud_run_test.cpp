#include "core/provider_table.hpp"
#include "environments.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot::config;
using namespace byot::config::test;

namespace {

std::string on_cloud_run(const std::string& name, const std::string& value) {
    return problems_of(with({{"K_SERVICE", "byot"}, {name, value}}));
}

} // namespace

BOOST_AUTO_TEST_SUITE(cloud_run)

BOOST_AUTO_TEST_CASE(every_emulator_and_http_override_is_refused_there_and_only_there) {
    std::vector<std::pair<std::string, std::string>> overrides{
        {"FIRESTORE_EMULATOR_HOST", "localhost:8080"}, {"FIREBASE_AUTH_EMULATOR_HOST", "localhost:9099"},
        {"GCE_METADATA_HOST", "localhost:8888"},       {"BYOT_FIREBASE_KEYS_URL", "http://127.0.0.1:1/keys"},
        {"BYOT_IDENTITY_URL", "HTTP://127.0.0.1:1"},   {"BYOT_DEVELOPMENT", "on"},
    };
    for (const auto& each : byot::provider_table)
        overrides.emplace_back(each.address_variable, "http://[::1]:1");
    for (const auto& [name, value] : overrides) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(problems_of(with({{"BYOT_BIND", "127.0.0.1"}, {name, value}})) == "");
            BOOST_TEST(on_cloud_run(name, value).starts_with(name + ": is refused when K_SERVICE is set"));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_leads_to_the_real_service_is_taken_there) {
    BOOST_TEST(on_cloud_run("GCE_METADATA_HOST", "") == "");
    BOOST_TEST(on_cloud_run("GCE_METADATA_HOST", "metadata.google.internal") == "");
    BOOST_TEST(on_cloud_run("GCE_METADATA_HOST", "169.254.169.254") == "");
    BOOST_TEST(on_cloud_run("BYOT_IDENTITY_URL", "https://identity.example.com") == "");
    BOOST_TEST(on_cloud_run("BYOT_GENKIT_URL", "http://localhost:3400") == ""); // a sidecar
}

BOOST_AUTO_TEST_CASE(its_front_end_is_the_one_trusted_hop_unless_told_otherwise) {
    BOOST_TEST(values_of({{"K_SERVICE", "byot"}}).trusted_hops == 1u);
    BOOST_TEST(values_of({{"K_SERVICE", "byot"}, {"BYOT_TRUSTED_HOPS", "0"}}).trusted_hops == 0u);
    BOOST_TEST(values_of({{"K_SERVICE", "byot"}, {"BYOT_TRUSTED_HOPS", "2"}}).trusted_hops == 2u);
}

BOOST_AUTO_TEST_CASE(the_services_name_is_known) {
    const auto values = values_of({{"K_SERVICE", "byot-ai"}});
    BOOST_TEST(values.is_cloud_run);
    BOOST_TEST(values.service == "byot-ai");
}

BOOST_AUTO_TEST_SUITE_END()
