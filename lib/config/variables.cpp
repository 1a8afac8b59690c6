#include "config/variables.hpp"
#include "config/names.hpp"
#include "config/telemetry_settings.hpp"
#include "config/variable_types.hpp"
#include "core/encoding.hpp"
#include "core/fixed_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace byot::config {
namespace {

using c = configuration;

constexpr std::array<std::string_view, 3> role_words{"all", "keys", "ai"};
constexpr std::array<std::string_view, 4> level_words{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> token_field_words{"Authorization", "X-Forwarded-Authorization"};
constexpr std::array<std::string_view, 2> format_words{"json", "text"};
constexpr std::array<std::string_view, 1> protocol_words{"http/protobuf"};
constexpr std::array<std::string_view, 2> exporter_words{"otlp", "none"};
constexpr std::array<std::string_view, 2> truth_words{"false", "true"};

// Deadlines are looked at each 100 ms, so a shorter one could not be kept.
constexpr std::int64_t tick = 100;
constexpr std::int64_t second = 1000;
constexpr std::int64_t hour = 3600 * second;
constexpr std::uint64_t k = 1024;
constexpr std::uint64_t m = 1024 * k;

template <auto Member>
using timeout = duration<Member, tick, 24 * hour>;

// Types that only one variable has.
struct cloud_run_service {
    static complaint read(std::string_view text, configuration& into) {
        into.service = text;
        into.is_cloud_run = true;
        return {};
    }
    static std::string print(const configuration& from) { return from.service; }
};
template <complaint (*Read)(std::string_view, configuration&), std::string (*Print)(const configuration&)>
struct functions {
    static constexpr auto read = Read;
    static constexpr auto print = Print;
};
using store = functions<read_store, print_store>;
using origins = functions<read_origins, print_origins>;
using providers = functions<read_providers, print_providers>;
using otlp_headers = functions<read_otlp_headers, print_otlp_headers>;
using resource_attributes = functions<read_resource_attributes, print_resource_attributes>;
using sampler = functions<read_sampler, print_sampler>;
using sampler_ratio = functions<read_sampler_ratio, print_sampler_ratio>;
/// Mostly the upstream's address, and printed as one.
struct audience : text_field<&c::genkit_audience, check_word> {
    static std::string print(const configuration& from) { return mask_url(from.genkit_audience); }
};

constexpr default_value is(std::string_view text) {
    return {text, text};
}
constexpr default_value computed(std::string_view shown) {
    return {{}, shown};
}
constexpr default_value empty{{}, "empty"};
constexpr default_value required{{}, "required", true};

template <class Type>
constexpr variable row(std::string_view name, default_value fallback, std::string_view meaning) {
    return {name, fallback, meaning, Type::read, Type::print};
}

/// The names of the providers that are in BYOT_PROVIDERS' default, or of those that are not.
constexpr fixed_text<128> names_of(bool are_usual, std::string_view separator) {
    fixed_text<128> names{};
    for (const auto& each : provider_table) {
        if (each.is_usual != are_usual) continue;
        if (!names.view().empty()) names.add(separator);
        names.add(each.name);
    }
    return names;
}
constexpr auto usual_providers = names_of(true, ",");
constexpr auto other_providers = names_of(false, ", ");
constexpr fixed_text<160> providers_meaning{"comma list of accepted providers, of these and ",
                                            other_providers.view(), "; the first is the default"};

template <std::size_t Place>
constexpr fixed_text<96> address_meaning{"where ", provider_table[Place].title,
                                         " keys are tried; http only to loopback"};

template <std::size_t... Places>
constexpr std::array<variable, sizeof...(Places)> make_address_rows(std::index_sequence<Places...>) {
    return {row<provider_url<Places>>(provider_table[Places].address_variable,
                                      is(provider_table[Places].address), address_meaning<Places>.view())...};
}

template <std::size_t... Sizes>
constexpr auto join(const std::array<variable, Sizes>&... parts) {
    std::array<variable, (Sizes + ...)> all{};
    auto end = all.begin();
    ((end = std::copy(parts.begin(), parts.end(), end)), ...);
    return all;
}

// clang-format off
constexpr std::array first_rows{
    // Standard names.
    row<number<&c::port, 0, 65535>>("PORT", is("8080"), "listen port; 0 takes a free one"),
    row<cloud_run_service>("K_SERVICE", empty, "set by Cloud Run; when set, every emulator or http override is refused"),
    row<text_field<&c::google_project, check_project_id>>("GOOGLE_CLOUD_PROJECT", empty, "Google Cloud project id"),
    row<text_field<&c::google_credentials, check_path>>("GOOGLE_APPLICATION_CREDENTIALS", empty, "path of a credentials file, where the metadata server is not the one to ask"),
    row<url_field<&c::metadata_host, read_host_and_port>>("GCE_METADATA_HOST", is("metadata.google.internal"), "host or host:port of the metadata server"),
    row<url_field<&c::firestore_emulator, read_host_and_port>>("FIRESTORE_EMULATOR_HOST", empty, "host:port of a Firestore emulator to use in place of Firestore"),
    row<url_field<&c::auth_emulator, read_host_and_port>>("FIREBASE_AUTH_EMULATOR_HOST", empty, "host:port of a Firebase Auth emulator, whose unsigned tokens are then accepted"),
    // Where it listens and what it is.
    row<text_field<&c::bind, check_bind_address>>("BYOT_BIND", is("0.0.0.0"), "listen address"),
    row<number<&c::admin_port, 0, 65535>>("BYOT_ADMIN_PORT", is("9090"), "metrics and profiling, on 127.0.0.1 only; 0 = off"),
    row<number<&c::reactors, 1, 256>>("BYOT_REACTORS", computed("usable CPUs (affinity and cgroup quota)"), "reactors, one thread each"),
    row<choice<&c::role, role_words>>("BYOT_ROLE", is("all"), "`all`, `keys` (/api/key*, cannot open keys) or `ai` (/api/ai/*, cannot write new ones)"),
    // Keys and identities.
    row<store>("BYOT_STORE", required, "`sqlite:PATH`, `firestore:PROJECT` or `firestore:PROJECT/DATABASE`"),
    row<text_field<&c::keyring, check_path>>("BYOT_KEYRING", required, "path of the keyring file"),
    row<timeout<&c::keyring_refresh>>("BYOT_KEYRING_REFRESH", is("5s"), "how often that file is looked at again"),
    row<choice<&c::token_field, token_field_words, equals_ignoring_case>>("BYOT_TOKEN_FIELD", is("Authorization"), "the request field with the user's token: `Authorization`, or `X-Forwarded-Authorization` behind a gateway that authenticates itself"),
    row<text_field<&c::firebase_project, check_project_id>>("BYOT_FIREBASE_PROJECT", computed("GOOGLE_CLOUD_PROJECT"), "Firebase project id"),
    row<url_field<&c::firebase_keys_url, read_address_override>>("BYOT_FIREBASE_KEYS_URL", is("https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com"), "where signing certificates come from; http only to loopback"),
    row<url_field<&c::identity_url, read_base_override>>("BYOT_IDENTITY_URL", is("https://identitytoolkit.googleapis.com"), "where revocation is asked; http only to loopback"),
    row<on_off<&c::checks_revocation>>("BYOT_REVOCATION_CHECK", is("on"), "saving and removing a key ask Firebase whether the session was revoked"),
    row<duration<&c::key_cache_ttl, 0, hour>>("BYOT_KEY_CACHE_TTL", is("30s"), "upper bound on how long a removed key can still be used on another instance; 0s = read each time"),
    // Upstream, pages and providers.
    row<url_field<&c::genkit_url, read_upstream_url>>("BYOT_GENKIT_URL", computed("required for roles all and ai"), "upstream base, http or https, a path prefix allowed"),
    row<audience>("BYOT_GENKIT_AUDIENCE", empty, "when set, a Google identity token for it goes upstream in X-Serverless-Authorization"),
    row<origins>("BYOT_ALLOWED_ORIGINS", empty, "comma list of exact origins of pages that may call; `*` is refused"),
    row<providers>("BYOT_PROVIDERS", is(usual_providers.view()), providers_meaning.view()),
    row<on_off<&c::checks_keys>>("BYOT_KEY_CHECK", is("on"), "try a key at its provider when it is saved"),
};
constexpr auto address_rows = make_address_rows(std::make_index_sequence<provider_table.size()>());
constexpr std::array last_rows{
    // Limits.
    row<rate_or_off<&c::rate_per_user>>("BYOT_RATE_PER_USER", is("60/m"), "token bucket of a user: `N/s`, `N/m`, `N/h` or `off`"),
    row<rate_or_off<&c::rate_per_ip>>("BYOT_RATE_PER_IP", is("300/m"), "token bucket of a client address: `N/s`, `N/m`, `N/h` or `off`"),
    row<number<&c::streams_per_user, 1, 10'000>>("BYOT_STREAMS_PER_USER", is("8"), "concurrent AI requests of one user on one instance"),
    row<number<&c::max_connections, 1, 1'000'000>>("BYOT_MAX_CONNECTIONS", is("20000"), "over it new connections get 503 and close"),
    row<size<&c::max_key_body, k, m>>("BYOT_MAX_KEY_BODY", is("16k"), "largest request body of the key endpoints"),
    row<size<&c::max_ai_body, k, 1024 * m>>("BYOT_MAX_AI_BODY", is("8m"), "largest request body of an AI request"),
    row<on_off<&c::is_development>>("BYOT_DEVELOPMENT", is("off"), "allows an emulator's unsigned tokens on a bind that is not loopback"),
    row<number<&c::trusted_hops, 0, 16>>("BYOT_TRUSTED_HOPS", computed("0 (1 when K_SERVICE is set)"), "proxies to count from the right of X-Forwarded-For"),
    // Time, of clients.
    row<timeout<&c::header_timeout>>("BYOT_HEADER_TIMEOUT", is("10s"), "for a request's head to arrive"),
    row<timeout<&c::idle_timeout>>("BYOT_IDLE_TIMEOUT", is("75s"), "between two requests of a connection"),
    row<timeout<&c::body_timeout>>("BYOT_BODY_TIMEOUT", is("30s"), "for a request's body to arrive"),
    // Time, of the upstream.
    row<timeout<&c::connect_timeout>>("BYOT_CONNECT_TIMEOUT", is("3s"), "for a connection to the upstream"),
    row<timeout<&c::first_byte_timeout>>("BYOT_FIRST_BYTE_TIMEOUT", is("300s"), "until the upstream's answer begins"),
    row<timeout<&c::stream_idle_timeout>>("BYOT_STREAM_IDLE_TIMEOUT", is("120s"), "between two pieces of the upstream's answer"),
    row<timeout<&c::request_timeout>>("BYOT_REQUEST_TIMEOUT", is("900s"), "for a whole AI request"),
    row<duration<&c::drain_timeout, 0, hour>>("BYOT_DRAIN_TIMEOUT", is("8s"), "after SIGTERM, before open streams are ended"),
    // Log.
    row<choice<&c::log_level, level_words>>("BYOT_LOG_LEVEL", is("info"), "`debug`, `info`, `warning` or `error`"),
    row<choice<&c::log_format, format_words>>("BYOT_LOG_FORMAT", is("json"), "`json` is Cloud Logging's structure; `text` for people"),
    // Metrics and spans, by OpenTelemetry's names.
    row<url_field<&c::otlp_endpoint, read_upstream_url>>("OTEL_EXPORTER_OTLP_ENDPOINT", empty, "where metrics and spans are pushed by OTLP/HTTP, at `/v1/metrics` and `/v1/traces` below it; empty: nowhere. Google's Telemetry API gets this service's access token"),
    row<url_field<&c::otlp_metrics, read_upstream_url>>("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", empty, "the whole address for metrics, in place of the one above"),
    row<url_field<&c::otlp_traces, read_upstream_url>>("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", empty, "the whole address for spans"),
    row<otlp_headers>("OTEL_EXPORTER_OTLP_HEADERS", empty, "comma list of `name=value` sent with them, values percent-encoded; https or loopback only"),
    row<choice<&c::otlp_speaks, protocol_words>>("OTEL_EXPORTER_OTLP_PROTOCOL", is("http/protobuf"), "this one alone"),
    row<milliseconds<&c::otlp_timeout, 100, 60'000>>("OTEL_EXPORTER_OTLP_TIMEOUT", is("10000"), "milliseconds, of one push"),
    row<milliseconds<&c::metric_export_interval, 100, 3'600'000>>("OTEL_METRIC_EXPORT_INTERVAL", is("60000"), "milliseconds between two pushes of metrics"),
    row<milliseconds<&c::span_export_delay, 100, 3'600'000>>("OTEL_BSP_SCHEDULE_DELAY", is("5000"), "milliseconds between two pushes of spans"),
    row<choice<&c::metrics_exporter, exporter_words>>("OTEL_METRICS_EXPORTER", is("otlp"), "`otlp`, or `none`"),
    row<choice<&c::traces_exporter, exporter_words>>("OTEL_TRACES_EXPORTER", is("otlp"), "`otlp`, or `none`"),
    row<choice<&c::telemetry_is_off, truth_words, equals_ignoring_case>>("OTEL_SDK_DISABLED", is("false"), "`true` pushes nothing"),
    row<text_field<&c::telemetry_service, check_word>>("OTEL_SERVICE_NAME", computed("K_SERVICE, or byot"), "service.name of what is pushed"),
    row<resource_attributes>("OTEL_RESOURCE_ATTRIBUTES", empty, "comma list of `name=value` that describe this instance, values percent-encoded"),
    row<sampler>("OTEL_TRACES_SAMPLER", is("parentbased_always_on"), "which requests are traced: `always_on`, `always_off`, `traceidratio`, or one of them behind `parentbased_`, where a client's `traceparent` decides first"),
    row<sampler_ratio>("OTEL_TRACES_SAMPLER_ARG", is("1"), "the share of traces, 0 to 1, for the samplers by ratio"),
};
// clang-format on
constexpr auto table = join(first_rows, address_rows, last_rows);

} // namespace

std::span<const variable> variable_table() noexcept {
    return table;
}

} // namespace byot::config
