#pragma once

#include "core/clock.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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

/// The request field with the user's token.
enum class token_field : std::uint8_t { authorization, x_forwarded_authorization };

struct sqlite_location {
    std::string path;
};
struct firestore_location {
    std::string project;
    std::string database; ///< "(default)" when not said
};

/// Everything the environment says, typed and validated (DESIGN §1.2).
struct configuration {
    std::uint16_t port = 8080;
    std::string bind = "0.0.0.0";
    std::uint16_t admin_port = 9090; ///< 0: off
    unsigned reactors = 1;
    config::role role = config::role::all;
    std::optional<sqlite_location> sqlite; ///< exactly one of the two
    std::optional<firestore_location> firestore;
    std::string keyring;
    std::chrono::milliseconds keyring_refresh{5000};
    std::string google_project; ///< GOOGLE_CLOUD_PROJECT
    config::token_field token_field = config::token_field::authorization;
    std::string firebase_project;
    std::string firebase_keys_url;
    std::string genkit_url; ///< empty for role keys
    std::string genkit_audience;
    std::vector<std::string> allowed_origins;
    std::vector<std::string> providers; ///< at least one
    bool checks_keys = true;
    std::map<std::string, std::string> provider_urls; ///< by provider
    std::string identity_url;
    std::chrono::milliseconds key_cache_ttl{30000};
    bool checks_revocation = true;
    std::optional<rate> rate_per_user;
    std::optional<rate> rate_per_ip;
    unsigned streams_per_user = 8;
    unsigned max_connections = 20000;
    std::uint64_t max_key_body = 16 * 1024;
    std::uint64_t max_ai_body = 8 * 1024 * 1024;
    std::chrono::milliseconds header_timeout{10000};
    std::chrono::milliseconds idle_timeout{75000};
    std::chrono::milliseconds body_timeout{30000};
    std::chrono::milliseconds connect_timeout{3000};
    std::chrono::milliseconds first_byte_timeout{300000};
    std::chrono::milliseconds stream_idle_timeout{120000};
    std::chrono::milliseconds request_timeout{900000};
    std::chrono::milliseconds drain_timeout{8000};
    unsigned trusted_hops = 0;
    config::log_level log_level = config::log_level::info;
    config::log_format log_format = config::log_format::json;
    bool is_development = false;    ///< unsigned tokens may come from other machines
    bool is_cloud_run = false;      ///< K_SERVICE is set
    std::string service;            ///< K_SERVICE
    std::string firestore_emulator; ///< FIRESTORE_EMULATOR_HOST
    std::string auth_emulator;      ///< FIREBASE_AUTH_EMULATOR_HOST
    std::string google_credentials; ///< GOOGLE_APPLICATION_CREDENTIALS
    std::string metadata_host;      ///< GCE_METADATA_HOST
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
    configuration values; ///< meaningful only when `problems` is empty
    std::vector<problem> problems;
};
parsed parse(const environment& variables);

/// The variable with a provider's address.
std::string variable_of_provider(std::string_view provider);

/// This process's environment.
environment process_environment();

/// CPUs this process may use: affinity, cut by the cgroup's quota (v2 and v1), at least 1.
unsigned usable_cpus();

/// The effective configuration, a line a variable, "NAME=value", masked where it may hold a secret; for
/// `check-config`.
std::string describe(const configuration& values);
/// The table of all variables as Markdown, made from the same table that parses; for `config-reference`.
std::string reference();

} // namespace byot::config
