#include "start_warnings.hpp"

#include "core/locked_memory.hpp"
#include "net/trust.hpp"

#include <fmt/ranges.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace byot::app {
namespace {

using config::configuration;

/// Scratch memory, the blocks that connections pass on, slots for keys: what a busy reactor has.
constexpr std::size_t locked_by_a_reactor = 2 * 1024 * 1024;
/// Event loops, listeners, the database, the log, and calls to Google.
constexpr std::uint64_t own_descriptors = 64;

/// The server works without; a machine that swaps may then write a key to its disk.
std::optional<start_warning> lack_of_locked_memory(unsigned reactors) {
    const auto wanted = reactors * locked_by_a_reactor;
    if (can_lock(wanted)) return std::nullopt;
    rlimit limit{};
    ::getrlimit(RLIMIT_MEMLOCK, &limit);
    return start_warning{"RLIMIT_MEMLOCK",
                         "memory that holds keys may be swapped out: raise RLIMIT_MEMLOCK (ulimit -l)",
                         {{"bytesWanted", wanted}, {"bytesAllowed", limit.rlim_cur}}};
}

/// A connection needs two, for its request has one to the upstream. Clients over it wait in the kernel's
/// queue, or their requests find no upstream.
std::optional<start_warning> lack_of_descriptors(unsigned max_connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
    const auto wanted = 2 * std::uint64_t{max_connections} + own_descriptors;
    if (limit.rlim_cur >= wanted) return std::nullopt;
    return start_warning{
        "BYOT_MAX_CONNECTIONS",
        "fewer descriptors than BYOT_MAX_CONNECTIONS may need: lower it, or raise RLIMIT_NOFILE",
        {{"descriptorsAllowed", limit.rlim_cur}, {"descriptorsWanted", wanted}}};
}

bool speaks_tls(const configuration& values) {
    const auto is_secure = [](const config::url_setting& address) { return address.where.origin.is_tls; };
    if (values.firestore && !values.firestore_emulator) return true;
    if (!values.auth_emulator && is_secure(values.firebase_keys_url)) return true;
    if (values.checks_revocation && !values.auth_emulator && is_secure(values.identity_url)) return true;
    if (values.genkit_url && is_secure(*values.genkit_url)) return true;
    return values.checks_keys && std::any_of(values.provider_urls.begin(), values.provider_urls.end(),
                                             [&](const auto& one) { return is_secure(one.second); });
}

std::optional<start_warning> lack_of_certificates(const configuration& values) {
    if (!speaks_tls(values)) return std::nullopt;
    auto why = net::why_nobody_is_trusted();
    if (!why) return std::nullopt;
    return start_warning{"SSL_CERT_FILE", std::move(*why), {}};
}

bool is_plain_http(const config::url_setting& address) {
    return !address.where.origin.is_tls;
}

/// The variables by which a service is put in the place of the real one, or a check is left out: emulators,
/// addresses over plain http, and switches that are off.
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

} // namespace

std::vector<start_warning> warnings_of_start(const configuration& values) {
    std::vector<start_warning> warnings;
    for (auto& warning : {lack_of_locked_memory(values.reactors), lack_of_descriptors(values.max_connections),
                          lack_of_certificates(values)}) {
        if (warning) warnings.push_back(*warning);
    }
    return warnings;
}

void tell(telemetry::log& log, const std::vector<start_warning>& warnings) {
    for (const auto& warning : warnings) {
        auto line = log.line(telemetry::level::warning, warning.message);
        for (const auto& [name, value] : warning.facts) line.add(name, value);
        log.write(line);
    }
}

void print(const std::vector<start_warning>& warnings) {
    for (const auto& warning : warnings) {
        std::string facts;
        for (const auto& [name, value] : warning.facts)
            facts += fmt::format("{}{} {}", facts.empty() ? " (" : ", ", name, value);
        fmt::print(stderr, "{}: {}{}\n", warning.about, warning.message, facts.empty() ? "" : facts + ")");
    }
}

void tell_development(telemetry::log& log, const config::configuration& values) {
    if (values.auth_emulator) {
        log.write(log.line(telemetry::level::warning, "unsigned tokens are accepted, which anybody can make: "
                                                      "FIREBASE_AUTH_EMULATOR_HOST is set")
                      .add("bind", std::string_view(values.bind)));
    }
    const auto names = variables_of_development(values);
    if (names.empty()) return;
    log.write(
        log.line(telemetry::level::info, "not as in production: services are replaced or checks left out")
            .add("variables", std::string_view(fmt::format("{}", fmt::join(names, ", ")))));
}

void warn_if_gateway_is_no_hop(telemetry::log& log, const config::configuration& values) {
    constexpr unsigned gateway_and_front_end = 2;
    const bool is_behind_gateway = values.token_field == config::token_field::x_forwarded_authorization;
    if (!values.is_cloud_run || !is_behind_gateway || values.trusted_hops >= gateway_and_front_end) return;
    log.write(
        log.line(telemetry::level::warning,
                 "BYOT_TOKEN_FIELD says that a gateway is in front, and BYOT_TRUSTED_HOPS does not count "
                 "it: all clients share the gateway's address and its limit; 2 counts it")
            .add("hops", std::uint64_t{values.trusted_hops}));
}

} // namespace byot::app
