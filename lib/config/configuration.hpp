#pragma once

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/url.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::config {

enum class role : std::uint8_t { all, keys, ai };
enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { json, text };

/// `N/s`, `N/m` or `N/h`.
struct rate {
    std::uint32_t count = 0;
    std::chrono::seconds period{1};
};

/// How OTLP is spoken: this service knows one way.
enum class otlp_protocol : std::uint8_t { http_protobuf };
/// Where a signal goes.
enum class exporter : std::uint8_t { otlp, none };
/// OTEL_SDK_DISABLED, whose words are not those of this service's own switches.
enum class sdk_switch : std::uint8_t { no, yes };

/// The request field with the user's token.
enum class token_field : std::uint8_t { authorization, x_forwarded_authorization };

struct sqlite_location {
    std::string path;
};
struct firestore_location {
    std::string project;
    std::string database; ///< "(default)" when not said
};

/// An address of the environment: as written, which is what `describe` prints, and as read.
struct url_setting {
    std::string text; ///< for the emulators and the metadata server HOST[:PORT], without a scheme
    url where;
};

/// Everything the environment says, typed and validated; what each variable means, its default and its bounds
/// stand in the table of `variables.cpp`. The values here are no defaults: `parse` sets each.
struct configuration {
    std::uint16_t port = 0;
    std::string bind;
    std::uint16_t admin_port = 0; ///< 0: off
    unsigned reactors = 0;
    config::role role = config::role::all;
    std::optional<sqlite_location> sqlite; ///< exactly one of the two
    std::optional<firestore_location> firestore;
    std::string keyring;
    std::chrono::milliseconds keyring_refresh{};
    std::string google_project; ///< GOOGLE_CLOUD_PROJECT
    config::token_field token_field = config::token_field::authorization;
    std::string firebase_project;
    url_setting firebase_keys_url;
    std::optional<url_setting> genkit_url; ///< nothing for role keys
    std::string genkit_audience;
    std::vector<std::string> allowed_origins; ///< as browsers write them, compared byte for byte
    std::vector<std::string> providers;       ///< at least one
    bool checks_keys = false;
    std::map<std::string, url_setting> provider_urls; ///< by provider; each of the table has one
    url_setting identity_url;
    std::chrono::milliseconds key_cache_ttl{};
    bool checks_revocation = false;
    std::optional<rate> rate_per_user;
    std::optional<rate> rate_per_ip;
    unsigned streams_per_user = 0;
    unsigned max_connections = 0;
    std::uint64_t max_key_body = 0; ///< bytes, as the next
    std::uint64_t max_ai_body = 0;
    std::chrono::milliseconds header_timeout{};
    std::chrono::milliseconds idle_timeout{};
    std::chrono::milliseconds body_timeout{};
    std::chrono::milliseconds connect_timeout{};
    std::chrono::milliseconds first_byte_timeout{};
    std::chrono::milliseconds stream_idle_timeout{};
    std::chrono::milliseconds request_timeout{};
    std::chrono::milliseconds drain_timeout{};
    unsigned trusted_hops = 0;
    config::log_level log_level = config::log_level::info;
    config::log_format log_format = config::log_format::json;
    bool is_development = false;                   ///< unsigned tokens may come from other machines
    bool is_cloud_run = false;                     ///< K_SERVICE is set
    std::string service;                           ///< K_SERVICE
    std::optional<url_setting> firestore_emulator; ///< FIRESTORE_EMULATOR_HOST
    std::optional<url_setting> auth_emulator;      ///< FIREBASE_AUTH_EMULATOR_HOST
    std::string google_credentials;                ///< GOOGLE_APPLICATION_CREDENTIALS
    url_setting metadata_host;                     ///< GCE_METADATA_HOST
    std::optional<url_setting> otlp_endpoint;      ///< OTEL_EXPORTER_OTLP_ENDPOINT; of both signals
    std::optional<url_setting> otlp_metrics;       ///< the whole address of one signal, as the next
    std::optional<url_setting> otlp_traces;
    std::vector<std::pair<std::string, std::shared_ptr<const secret>>> otlp_headers;
    otlp_protocol otlp_speaks = otlp_protocol::http_protobuf;
    std::chrono::milliseconds otlp_timeout{};
    std::chrono::milliseconds metric_export_interval{};
    std::chrono::milliseconds span_export_delay{};
    exporter metrics_exporter = exporter::otlp;
    exporter traces_exporter = exporter::otlp;
    sdk_switch telemetry_is_off = sdk_switch::no;
    std::string telemetry_service; ///< OTEL_SERVICE_NAME
    std::vector<std::pair<std::string, std::string>> resource_attributes;
    std::string_view traces_sampler; ///< its name in the specification
    bool traces_sampled_by_parent = true;
    std::optional<double> traces_fixed_ratio; ///< nothing: the sampler takes the next
    double traces_ratio = 1;
};

using environment = std::map<std::string, std::string, std::less<>>;

/// One thing wrong: which variable and why, for the operator. Quotes no value of a variable that may hold a
/// secret.
struct problem {
    std::string variable;
    std::string message;
};

/// Reads every variable; on any problem gives all of them. An unknown BYOT_* variable is a problem, with the
/// nearest known name. Looks at nothing but `variables` (and the machine's CPUs for BYOT_REACTORS).
struct parsed {
    configuration values; ///< where a variable has a problem, its default if it has one
    std::vector<problem> problems;
};
parsed parse(const environment& variables);

/// The variable with a provider's address.
std::string variable_of_provider(std::string_view provider);

/// This process's environment.
environment process_environment();

/// The effective configuration, a line a variable, "NAME=value", masked where it may hold a secret; for
/// `check-config`.
std::string describe(const configuration& values);
/// The table of all variables as Markdown, made from the same table that parses; for `config-reference`.
std::string reference();

} // namespace byot::config
