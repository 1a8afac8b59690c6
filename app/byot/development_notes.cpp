#include "development_notes.hpp"

#include <fmt/ranges.h>

namespace byot::app {
namespace {

using telemetry::level;

bool is_plain_http(const config::url_setting& address) {
    return !address.where.origin.is_tls;
}

} // namespace

std::vector<std::string> variables_of_development(const config::configuration& values) {
    std::vector<std::string> names;
    const auto note = [&names](bool is_so, std::string name) {
        if (is_so) names.push_back(std::move(name));
    };
    note(values.firestore_emulator.has_value(), "FIRESTORE_EMULATOR_HOST");
    note(values.auth_emulator.has_value(), "FIREBASE_AUTH_EMULATOR_HOST");
    note(is_plain_http(values.firebase_keys_url), "BYOT_FIREBASE_KEYS_URL");
    note(is_plain_http(values.identity_url), "BYOT_IDENTITY_URL");
    for (const auto& [provider, address] : values.provider_urls)
        note(is_plain_http(address), config::variable_of_provider(provider));
    note(!values.checks_revocation, "BYOT_REVOCATION_CHECK");
    note(!values.checks_keys, "BYOT_KEY_CHECK");
    note(values.is_development, "BYOT_DEVELOPMENT");
    return names;
}

void tell_development(telemetry::log& log, const config::configuration& values) {
    if (values.auth_emulator) {
        log.write(log.line(level::warning, "unsigned tokens are accepted, which anybody can make: "
                                           "FIREBASE_AUTH_EMULATOR_HOST is set")
                      .add("bind", std::string_view(values.bind)));
    }
    const auto names = variables_of_development(values);
    if (names.empty()) return;
    log.write(log.line(level::info, "not as in production: services are replaced or checks left out")
                  .add("variables", std::string_view(fmt::format("{}", fmt::join(names, ", ")))));
}

} // namespace byot::app
