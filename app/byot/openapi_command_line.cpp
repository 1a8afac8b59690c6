#include "openapi_command_line.hpp"

#include "api/openapi.hpp"
#include "commands.hpp"
#include "config/quantities.hpp"

#include <functional>
#include <optional>
#include <string>

namespace byot::app {
namespace {

using api::gateway_options;

CLI::Validator make_rule(std::function<std::string(const std::string&)> complain) {
    return CLI::Validator([complain](std::string& text) { return complain(text); }, "");
}

std::optional<std::chrono::seconds> read_deadline(std::string_view text) {
    const auto time = config::parse_duration(text);
    if (!time || time->count() % 1000 != 0) return std::nullopt;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*time);
    if (seconds < gateway_options::shortest_deadline || seconds > gateway_options::longest_deadline)
        return std::nullopt;
    return seconds;
}

std::optional<unsigned> read_quota(std::string_view text) {
    const auto rate = config::parse_rate(text);
    if (!rate || rate->period != std::chrono::minutes(1)) return std::nullopt;
    return rate->count;
}

struct typed {
    bool is_gateway = false;
    std::string backend_auth = "jwt";
    std::string user_auth = "firebase";
    std::string deadline;
    std::string quota;
};

gateway_options options_of(const typed& words) {
    gateway_options options;
    options.identifies_itself = words.backend_auth == "jwt";
    options.checks_users = words.user_auth == "firebase";
    options.deadline = read_deadline(words.deadline).value_or(options.deadline);
    options.quota = read_quota(words.quota);
    return options;
}

CLI::Validator one_of(std::string a, std::string b) {
    return make_rule([a, b](const std::string& text) {
        return text == a || text == b ? std::string() : "must be " + a + " or " + b;
    });
}

} // namespace

void add_openapi_command(CLI::App& program, int& status) {
    static typed words;
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

} // namespace byot::app
