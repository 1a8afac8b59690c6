#include "config/rules.hpp"

#include "config/addresses.hpp"
#include "config/variable.hpp"
#include "core/provider_table.hpp"

#include <algorithm>
#include <array>

namespace byot::config {
namespace {

using problems = std::vector<problem>;

void refuse_on_cloud_run(bool is_there, std::string_view name, problems& out) {
    if (is_there)
        out.push_back({std::string(name), "is refused when K_SERVICE is set: an emulator or plain http would "
                                          "take the place of the real service"});
}

bool is_real_metadata_server(std::string_view host) {
    constexpr std::array<std::string_view, 4> real{"metadata.google.internal", "metadata.google.internal:80",
                                                   "169.254.169.254", "169.254.169.254:80"};
    return std::find(real.begin(), real.end(), host) != real.end();
}

void check_cloud_run(const configuration& values, problems& out) {
    refuse_on_cloud_run(!is_real_metadata_server(values.metadata_host.text), "GCE_METADATA_HOST", out);
    refuse_on_cloud_run(values.firestore_emulator.has_value(), "FIRESTORE_EMULATOR_HOST", out);
    refuse_on_cloud_run(values.auth_emulator.has_value(), "FIREBASE_AUTH_EMULATOR_HOST", out);
    refuse_on_cloud_run(values.is_development, "BYOT_DEVELOPMENT", out);
    refuse_on_cloud_run(!values.firebase_keys_url.where.origin.is_tls, "BYOT_FIREBASE_KEYS_URL", out);
    refuse_on_cloud_run(!values.identity_url.where.origin.is_tls, "BYOT_IDENTITY_URL", out);
    for (const auto& [provider, address] : values.provider_urls) {
        refuse_on_cloud_run(!address.where.origin.is_tls, variable_of_provider(provider), out);
    }
}

/// Whoever reaches the listener can be any user.
bool takes_unsigned_tokens_from_afar(const configuration& values) {
    return values.auth_emulator && !is_loopback_address(values.bind);
}

} // namespace

std::string variable_of_provider(std::string_view provider) {
    const auto* const known = find_provider(provider);
    return known ? std::string(known->address_variable) : std::string();
}

void settle_defaults(const environment& variables, configuration& values) {
    if (!is_set(variables, "BYOT_REACTORS")) values.reactors = usable_cpus();
    if (!is_set(variables, "BYOT_TRUSTED_HOPS")) values.trusted_hops = values.is_cloud_run ? 1 : 0;
    if (!is_set(variables, "BYOT_FIREBASE_PROJECT")) values.firebase_project = values.google_project;
    if (values.role == role::keys) values.genkit_url.reset();
}

problems check_together(const configuration& values) {
    problems out;
    if (values.is_cloud_run) check_cloud_run(values, out);
    if (takes_unsigned_tokens_from_afar(values) && !values.is_development && !values.is_cloud_run)
        out.push_back({"FIREBASE_AUTH_EMULATOR_HOST",
                       "has unsigned tokens accepted, which anybody can make: BYOT_BIND must be a loopback "
                       "address (127.0.0.1), or BYOT_DEVELOPMENT=on"});
    if (values.admin_port != 0 && values.admin_port == values.port)
        out.push_back({"BYOT_ADMIN_PORT", "must not be PORT's"});
    return out;
}

} // namespace byot::config
