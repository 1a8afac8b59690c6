// The words of the command line: which lead to which command.
#include "api/openapi.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "config/quantities.hpp"
#include "process.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>

namespace {

using namespace byot::app;

/// `byot keyring new|add|list|retire|remove`.
void add_keyring_commands(CLI::App& program, int& status) {
    static std::string file;
    static std::string id;
    static bool is_split = false;
    static bool may_be_there = false;
    auto* const keyring = program.add_subcommand("keyring", "Makes and rotates keyring files");
    keyring->require_subcommand(1);
    auto* const make = keyring->add_subcommand("new", "Makes a keyring");
    make->add_option("--out", file, "The file to make")->required();
    make->add_flag("--split", is_split, "Also FILE.keys and FILE.ai, for the two roles");
    make->add_flag("--if-missing", may_be_there, "Nothing is wrong where it is there already");
    make->callback([&status] {
        status = may_be_there ? keyring_new_if_missing(file, is_split) : keyring_new(file, is_split);
    });
    auto* const add =
        keyring->add_subcommand("add", "Adds an entry, which new keys are sealed under from then on");
    add->add_option("FILE", file)->required();
    add->callback([&status] { status = keyring_add(file); });
    auto* const list = keyring->add_subcommand("list", "Lists the entries");
    list->add_option("FILE", file)->required();
    list->callback([&status] { status = keyring_list(file); });
    auto* const retire = keyring->add_subcommand("retire", "Retires an entry: it still opens old keys");
    retire->add_option("FILE", file)->required();
    retire->add_option("ID", id)->required();
    retire->callback([&status] { status = keyring_retire(file, id); });
    auto* const remove =
        keyring->add_subcommand("remove", "Takes an entry out, when nothing in the store needs it");
    remove->add_option("FILE", file)->required();
    remove->add_option("ID", id)->required();
    remove->callback([&status] { status = keyring_remove(file, id); });
}

void add_dev_command(CLI::App& program, int& status) {
    static dev_options options;
    static std::string genkit_url;
    auto* const command = program.add_subcommand("dev", "Runs everything on this machine, for trying it out");
    command->add_option("--port", options.port, "0 takes a free one")->capture_default_str();
    command->add_option("--data", options.data, "Directory of the keyring and the stored keys")
        ->capture_default_str();
    command->add_option("--genkit", genkit_url, "Your Genkit server, instead of the demo flows");
    command->callback([&status] {
        if (!genkit_url.empty()) options.genkit_url = genkit_url;
        status = dev(options);
    });
}

using byot::api::gateway_options;

CLI::Validator make_rule(std::function<std::string(const std::string&)> complain) {
    return CLI::Validator([complain = std::move(complain)](std::string& text) { return complain(text); }, "");
}

std::optional<std::chrono::seconds> read_deadline(std::string_view text) {
    const auto time = byot::config::parse_duration(text);
    if (!time || time->count() % 1000 != 0) return std::nullopt;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*time);
    if (seconds < gateway_options::shortest_deadline || seconds > gateway_options::longest_deadline)
        return std::nullopt;
    return seconds;
}

std::optional<unsigned> read_quota(std::string_view text) {
    const auto rate = byot::config::parse_rate(text);
    if (!rate || rate->period != std::chrono::minutes(1)) return std::nullopt;
    return rate->count;
}

/// The words after `byot openapi`.
struct openapi_words {
    bool is_gateway = false;
    std::string backend_auth = "jwt";
    std::string user_auth = "firebase";
    std::string deadline;
    std::string quota;
};

gateway_options options_of(const openapi_words& words) {
    gateway_options options;
    options.identifies_itself = words.backend_auth == "jwt";
    options.checks_users = words.user_auth == "firebase";
    options.deadline = read_deadline(words.deadline).value_or(options.deadline);
    options.quota = read_quota(words.quota);
    return options;
}

CLI::Validator one_of(std::string_view a, std::string_view b) {
    return make_rule([a = std::string(a), b = std::string(b)](const std::string& text) {
        return text == a || text == b ? std::string() : "must be " + a + " or " + b;
    });
}

/// `byot openapi` with the gateway's options, each checked as it is read: a wrong value is told with what to
/// write.
void add_openapi_command(CLI::App& program, int& status) {
    static openapi_words words;
    auto* const document = program.add_subcommand("openapi", "Prints the OpenAPI document");
    auto* const gateway =
        document->add_flag("--gateway", words.is_gateway, "The template of Google's API Gateway before it");
    document
        ->add_option(
            "--backend-auth", words.backend_auth,
            "jwt: the services are private, and BYOT_TOKEN_FIELD is X-Forwarded-Authorization; none: "
            "they are public")
        ->check(one_of("jwt", "none"))
        ->needs(gateway);
    document
        ->add_option("--user-auth", words.user_auth,
                     "firebase: the gateway checks users' tokens too; none: the services alone do")
        ->check(one_of("firebase", "none"))
        ->needs(gateway);
    document->add_option("--deadline", words.deadline, "For a flow's whole answer; 900s unless given")
        ->check(make_rule([](const std::string& text) {
            return read_deadline(text) ? "" : "must be whole seconds from 1s to 1h, such as 900s or 15m";
        }))
        ->needs(gateway);
    document
        ->add_option("--quota", words.quota, "Requests a minute by API key, such as 600/m; none unless given")
        ->check(make_rule([](const std::string& text) {
            return read_quota(text) ? "" : "must be N/m with N from 1 to 1000000, such as 600/m";
        }))
        ->needs(gateway);
    document->callback(
        [&status] { status = openapi(words.is_gateway ? std::optional(options_of(words)) : std::nullopt); });
}

void add_health_command(CLI::App& program, int& status) {
    static std::string url;
    auto* const command = program.add_subcommand("health", "Probes a server; exit code 0 or 1");
    command->add_option("URL", url, "Default: /health/ready of this machine's server, by PORT and BYOT_BIND");
    command->callback([&status] { status = health(url.empty() ? std::nullopt : std::optional(url)); });
}

void add_smoke_command(CLI::App& program, int& status) {
    static smoke_options options;
    auto* const command =
        program.add_subcommand("smoke", "Tries a deployed service: health, hop count, a key stored, asked "
                                        "with and removed; exit code 0 or 1");
    command->add_option("URL", options.url, "The service, https; http on this machine only")->required();
    command->add_option("--ai-url", options.ai_url,
                        "The service of role ai, where it has an address of its own");
    command->add_option("--token-file", options.token_file,
                        "A file with an ID token; else BYOT_SMOKE_TOKEN, or `byot dev`'s own");
    command->add_option("--key-file", options.key_file,
                        "A file with a provider's key; else BYOT_SMOKE_KEY, or one made up");
    command->add_option("--provider", options.provider, "Whose key it is")->capture_default_str();
    command->add_option("--flow", options.flow, "The flow to ask; default: none, or `byot dev`'s interview");
    command->add_option("--data", options.data, "JSON for the flow")->capture_default_str();
    command->add_option("--origin", options.origin, "A page's origin that must be allowed (CORS)");
    command->add_option("--client-address", options.client_address,
                        "This machine's address as the service must see it");
    command->add_option("--gateway-key", options.gateway_key, "x-api-key for a gateway that counts by it");
    command->add_flag("--replace", options.may_replace,
                      "A key that the user has stored may be replaced and removed");
    command->add_option("--timeout", options.timeout, "Seconds for each request")
        ->capture_default_str()
        ->check(CLI::Range(1U, 3600U));
    command
        ->add_option("--removal-limit", options.removal_limit,
                     "Seconds until a removed key must be out of use: BYOT_KEY_CACHE_TTL and some")
        ->capture_default_str()
        ->check(CLI::Range(1U, 3600U));
    command->callback([&status] { status = smoke(options); });
}

} // namespace

int main(int argc, char** argv) {
    prepare_process();
    CLI::App program("byot: your users' own AI keys, kept sealed and used for them", "byot");
    program.require_subcommand(1);
    program.set_version_flag("-V,-v,--version", version_text());
    int status = 0;
    program.add_subcommand("serve", "Runs the server, configured by the environment")->callback([&] {
        status = serve();
    });
    add_dev_command(program, status);
    program.add_subcommand("check-config", "Prints the effective configuration, or every problem")
        ->callback([&] { status = check_config(); });
    program.add_subcommand("config-reference", "Prints the table of all variables")->callback([&] {
        status = config_reference();
    });
    add_keyring_commands(program, status);
    program.add_subcommand("rewrap", "Seals every stored key again under the newest keyring entry")
        ->callback([&] { status = rewrap(); });
    add_openapi_command(program, status);
    add_health_command(program, status);
    add_smoke_command(program, status);
    program.add_subcommand("version", "Prints version, commit and libraries")->callback([] {
        fmt::print("{}", version_text());
    });
    return run_command_line(program, words_of(argc, argv), status);
}
