#include "smoke_inputs.hpp"

#include "core/encoding.hpp"
#include "core/file_descriptor.hpp"
#include "core/json.hpp"
#include "core/provider_table.hpp"
#include "http/response.hpp"
#include "vault/key_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>

namespace byot::app {
namespace {

constexpr std::size_t largest_input = 32 * 1024;
constexpr std::size_t made_up_characters = 24;

/// Where a secret comes from: a file, or else a variable.
struct secret_place {
    std::string_view what;
    const std::string& file;
    const char* variable;
};

[[noreturn]] void refuse(const std::string& sentence) {
    throw std::invalid_argument(sentence);
}

std::shared_ptr<const secret> without_blanks(const secret& text) {
    return std::make_shared<const secret>(secret::copy_of(vault::without_blanks(text.expose())));
}

std::shared_ptr<const secret> read_file(const secret_place& from) {
    const file_descriptor file(::open(from.file.c_str(), O_RDONLY | O_CLOEXEC));
    secret text(largest_input);
    text.resize(largest_input);
    if (!file || !read_all(file.get(), text))
        refuse(fmt::format("{}: {}: {}", from.what, from.file, std::strerror(errno)));
    if (text.size() == largest_input) refuse(fmt::format("{}: {} is too large", from.what, from.file));
    return without_blanks(text);
}

/// Null when there is none.
std::shared_ptr<const secret> read_secret(const secret_place& from) {
    std::shared_ptr<const secret> found;
    if (!from.file.empty()) {
        found = read_file(from);
    } else if (const char* const value = std::getenv(from.variable); value && *value) {
        found = without_blanks(secret::copy_of(value));
    } else {
        return nullptr;
    }
    const auto text = found->expose();
    if (text.empty()) refuse(fmt::format("{} is empty", from.what));
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; }))
        refuse(fmt::format("{} has characters in it that cannot stand there", from.what));
    return found;
}

url read_address(std::string_view name, const std::string& text) {
    const auto address = parse_url(text);
    if (!address || !address->query.empty())
        refuse(fmt::format("{} must be an https address, such as https://api.example.com", name));
    if (!address->origin.is_tls && !is_loopback(address->origin.host))
        refuse(fmt::format("{} must be https: over http a token could be read; only this machine is asked so",
                           name));
    return *address;
}

void check_words(const smoke_options& options) {
    if (!find_provider(options.provider)) refuse("--provider: no provider of that name is known");
    if (!parse_json(options.data)) refuse("--data must be JSON, such as '\"C++\"' or '{\"topic\":\"C++\"}'");
    const auto is_path = [](char c) { return c > ' ' && c <= '~' && !std::strchr("#?\"<>\\^`{|}", c); };
    if (!std::all_of(options.flow.begin(), options.flow.end(), is_path) || options.flow.starts_with('/'))
        refuse("--flow must be a path as it stands behind /api/ai/");
    for (const auto& text : {options.origin, options.gateway_key}) {
        if (!http::is_field_value(text))
            refuse("--origin and --gateway-key are values of a field: one line of text");
    }
}

void read_key(smoke_inputs& inputs) {
    inputs.api_key = read_secret({"the key", inputs.options.key_file, "BYOT_SMOKE_KEY"});
    inputs.is_key_made_up = !inputs.api_key;
    if (inputs.is_key_made_up) {
        const auto made_up = "byot-smoke-" + random_alphanumeric(made_up_characters);
        inputs.api_key = std::make_shared<const secret>(secret::copy_of(made_up));
    }
    const auto fault = vault::fault_of_key(inputs.api_key->expose());
    if (!fault.empty()) refuse(fmt::format("the key: {}", fault));
}

} // namespace

std::variant<smoke_inputs, std::string> read_smoke_inputs(const smoke_options& options) {
    try {
        check_words(options);
        smoke_inputs inputs;
        inputs.options = options;
        inputs.keys = read_address("URL", options.url);
        inputs.has_two_services = !options.ai_url.empty();
        inputs.ai = inputs.has_two_services ? read_address("--ai-url", options.ai_url) : inputs.keys;
        inputs.is_on_this_machine = is_loopback(inputs.keys.origin.host);
        inputs.token = read_secret({"the token", options.token_file, "BYOT_SMOKE_TOKEN"});
        read_key(inputs);
        return inputs;
    } catch (const std::invalid_argument& problem) {
        return std::string(problem.what());
    }
}

std::optional<user_id> user_of_token(std::string_view token) {
    const auto first = token.find('.');
    const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (second == token.npos) return std::nullopt;
    const auto text = base64url_decode(token.substr(first + 1, second - first - 1));
    const auto claims = text ? parse_json_object(*text) : std::nullopt;
    const auto uid = claims ? string_member(*claims, "sub") : std::nullopt;
    if (!uid || uid->empty()) return std::nullopt;
    const auto* const firebase = claims->if_contains("firebase");
    const auto tenant =
        firebase && firebase->is_object() ? string_member(firebase->get_object(), "tenant") : std::nullopt;
    if (tenant && tenant->size() > user_id::longest_tenant) return std::nullopt;
    return user_id::in_tenant(tenant.value_or(""), *uid);
}

} // namespace byot::app
