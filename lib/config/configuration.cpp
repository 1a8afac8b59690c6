#include "config/configuration.hpp"

#include "config/addresses.hpp"
#include "config/unknown_variables.hpp"
#include "config/usable_cpus.hpp"
#include "config/variables.hpp"
#include "core/provider_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include <unistd.h>

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

bool is_plain_from_afar(const std::optional<url_setting>& address) {
    return address && !address->where.origin.is_tls && !is_loopback(address->where.origin.host);
}

/// A collector beside this process may be asked without TLS, Cloud Run's sidecar among them.
void check_collectors(const configuration& values, problems& out) {
    const std::array collectors{std::pair{"OTEL_EXPORTER_OTLP_ENDPOINT", &values.otlp_endpoint},
                                std::pair{"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", &values.otlp_metrics},
                                std::pair{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &values.otlp_traces}};
    for (const auto& [name, address] : collectors) {
        if (!is_plain_from_afar(*address)) continue;
        if (values.is_cloud_run) refuse_on_cloud_run(true, name, out);
        if (!values.otlp_headers.empty())
            out.push_back({name, "must be https: OTEL_EXPORTER_OTLP_HEADERS is sent there"});
    }
}

/// Whoever reaches the listener can be any user.
bool takes_unsigned_tokens_from_afar(const configuration& values) {
    return values.auth_emulator && !is_loopback_address(values.bind);
}

/// Fills in the defaults that depend on other variables or on the machine.
void settle_defaults(const environment& variables, configuration& values) {
    if (!is_set(variables, "BYOT_REACTORS")) values.reactors = usable_cpus();
    if (!is_set(variables, "BYOT_TRUSTED_HOPS")) values.trusted_hops = values.is_cloud_run ? 1 : 0;
    if (!is_set(variables, "BYOT_FIREBASE_PROJECT")) values.firebase_project = values.google_project;
    if (values.role == role::keys) values.genkit_url.reset();
    if (!is_set(variables, "OTEL_SERVICE_NAME"))
        values.telemetry_service = values.service.empty() ? "byot" : values.service;
}

/// What is wrong between variables that are each fine: what is refused beside others.
problems check_together(const configuration& values) {
    problems out;
    if (values.is_cloud_run) check_cloud_run(values, out);
    check_collectors(values, out);
    if (takes_unsigned_tokens_from_afar(values) && !values.is_development && !values.is_cloud_run)
        out.push_back({"FIREBASE_AUTH_EMULATOR_HOST",
                       "has unsigned tokens accepted, which anybody can make: BYOT_BIND must be a loopback "
                       "address (127.0.0.1), or BYOT_DEVELOPMENT=on"});
    if (values.admin_port != 0 && values.admin_port == values.port)
        out.push_back({"BYOT_ADMIN_PORT", "must not be PORT's"});
    return out;
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Without the quotes around the whole, which `docker run --env-file` hands on.
std::string_view unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != text.back()) return text;
    const auto inside = text.substr(1, text.size() - 2);
    const char quote = text.front();
    const bool is_quoted = (quote == '"' || quote == '\'') && inside.find(quote) == std::string_view::npos;
    return is_quoted ? inside : text;
}

// Until nothing is left to take away, or a description would not be read as what it describes.
std::string_view bare(std::string_view text) {
    while (true) {
        const auto inner = unquote(trim(text));
        if (inner.size() == text.size()) return inner;
        text = inner;
    }
}

/// What is around a value in files that are read as an environment, and never part of it: blanks, ends of
/// lines (`echo` into a secret, a file from Windows), and quotes.
environment as_meant(const environment& variables) {
    environment meant;
    for (const auto& [name, value] : variables) meant.emplace(name, bare(value));
    return meant;
}

complaint read(const variable& row, const environment& variables, configuration& into) {
    if (!row.fallback.text.empty()) row.read(row.fallback.text, into);
    if (!is_set(variables, row.name)) {
        if (row.fallback.is_missing) return "is required: " + std::string(row.meaning);
        return {};
    }
    const auto& text = variables.find(row.name)->second;
    if (has_control_character(text)) return "must not hold a control character, such as a line's end";
    if (is_service_link(row.name, text)) return std::string(whose_service_links_are);
    return row.read(text, into);
}

// What must be there only beside others is asked of the environment and not of the values: a value that was
// refused has its problem already.
void check_needed(const environment& variables, const configuration& values, std::vector<problem>& out) {
    if (values.role != role::keys && !is_set(variables, "BYOT_GENKIT_URL"))
        out.push_back({"BYOT_GENKIT_URL", "is required when BYOT_ROLE is all or ai"});
    if (!is_set(variables, "BYOT_FIREBASE_PROJECT") && !is_set(variables, "GOOGLE_CLOUD_PROJECT"))
        out.push_back({"BYOT_FIREBASE_PROJECT", "is required when GOOGLE_CLOUD_PROJECT is not set"});
}

void append(std::vector<problem> more, std::vector<problem>& out) {
    std::move(more.begin(), more.end(), std::back_inserter(out));
}

} // namespace

std::string variable_of_provider(std::string_view provider) {
    const auto* const known = find_provider(provider);
    return known ? std::string(known->address_variable) : std::string();
}

bool is_set(const environment& variables, std::string_view name) {
    const auto found = variables.find(name);
    return found != variables.end() && !found->second.empty();
}

parsed parse(const environment& given) {
    const auto variables = as_meant(given);
    parsed out;
    for (const auto& row : variable_table()) {
        if (auto wrong = read(row, variables, out.values))
            out.problems.push_back({std::string(row.name), std::move(*wrong)});
    }
    check_needed(variables, out.values, out.problems);
    settle_defaults(variables, out.values);
    append(check_together(out.values), out.problems);
    append(find_unknown(variables), out.problems);
    return out;
}

environment process_environment() {
    environment variables;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        // The first one counts, as for getenv.
        variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

std::string describe(const configuration& values) {
    std::string text;
    for (const auto& row : variable_table())
        fmt::format_to(std::back_inserter(text), "{}={}\n", row.name, row.print(values));
    return text;
}

std::string reference() {
    std::string text = "| Variable | Default | Meaning |\n|---|---|---|\n";
    for (const auto& row : variable_table())
        fmt::format_to(std::back_inserter(text), "| {} | {} | {} |\n", row.name, row.fallback.shown,
                       row.meaning);
    return text;
}

} // namespace byot::config
