#pragma once

#include "core/provider.hpp"

#include <array>
#include <string_view>

// What each provider says of keys, by the first statement that an answer meets. What is not here says nothing
// of a key: pages, other people's JSON, rate limits, places, addresses, scopes, projects.
namespace byot::statements {

using form = answer_condition::form;
using conditions = std::array<answer_condition, 2>;

constexpr answer_condition is(std::string_view member, std::string_view text) {
    return {member, form::exactly, text};
}
constexpr answer_condition begins(std::string_view member, std::string_view text) {
    return {member, form::beginning, text};
}
constexpr answer_condition list(std::string_view member) {
    return {member, form::any_list, {}};
}
constexpr answer_condition object(std::string_view member) {
    return {member, form::any_object, {}};
}
constexpr answer_condition not_positive(std::string_view member) {
    return {member, form::not_positive, {}};
}

constexpr auto good = key_verdict::accepted;
constexpr auto bad = key_verdict::refused;
constexpr auto spent = key_verdict::exhausted;
constexpr auto nothing = key_verdict::unreachable;

constexpr std::string_view google_errors = "https://ai.google.dev/gemini-api/docs/troubleshooting";
constexpr std::string_view google_reasons =
    "https://cloud.google.com/php/docs/reference/common-protos/latest/Api.ErrorReason";

// clang-format off
inline constexpr provider_statement googleai[] = {
    {200, good, {list("models")}, "https://ai.google.dev/api/models#method:-models.list"},
    // Unknown, deleted and expired keys alike.
    {400, bad, {is("error.details.reason", "API_KEY_INVALID")}, google_reasons},
    {400, bad, {is("error.status", "INVALID_ARGUMENT"), begins("error.message", "API key not valid")}, google_errors},
    {400, bad, {is("error.status", "INVALID_ARGUMENT"), begins("error.message", "API key expired")}, google_errors},
    {403, bad, {is("error.status", "PERMISSION_DENIED"), begins("error.message", "Your API key was reported as leaked")}, "https://ai.google.dev/gemini-api/docs/api-key#security"},
    // The consumer is the key; a suspended project is none.
    {403, bad, {is("error.details.reason", "CONSUMER_SUSPENDED"), begins("error.message", "Permission denied: Consumer 'api_key:")}, google_reasons},
    {402, spent, {object("error")}, "https://ai.google.dev/gemini-api/docs/billing#prepay"},
    {429, spent, {is("error.status", "RESOURCE_EXHAUSTED"), begins("error.message", "Your prepayment credits are depleted")}, "https://discuss.ai.google.dev/t/183654"},
    {429, spent, {is("error.type", "insufficient_quota")}, "https://ai.google.dev/gemini-api/docs/openai"},
};

constexpr std::string_view openai_errors = "https://platform.openai.com/docs/guides/error-codes";

inline constexpr provider_statement openai[] = {
    {200, good, {list("data")}, "https://platform.openai.com/docs/api-reference/models/list"},
    {401, bad, {is("error.code", "invalid_api_key")}, openai_errors},
    {401, bad, {is("error.type", "invalid_request_error"), begins("error.message", "Incorrect API key provided")}, openai_errors},
    {401, bad, {is("error.code", "account_deactivated")}, "https://help.openai.com/en/articles/10562188"},
    {402, spent, {object("error")}, openai_errors},
    {429, spent, {is("error.code", "insufficient_quota")}, openai_errors},
    {429, spent, {is("error.type", "insufficient_quota")}, openai_errors},
    {429, spent, {is("error.code", "credit_balance_exhausted")}, openai_errors},
    {429, spent, {is("error.code", "billing_hard_limit_reached")}, openai_errors},
    {400, spent, {is("error.code", "billing_hard_limit_reached")}, openai_errors},
    {429, spent, {is("error.type", "billing_not_active")}, openai_errors},
};

constexpr std::string_view anthropic_errors = "https://platform.claude.com/docs/en/api/errors";

inline constexpr provider_statement anthropic[] = {
    {200, good, {list("data")}, "https://platform.claude.com/docs/en/api/models/list"},
    {401, nothing, {begins("error.message", "CORS requests are not allowed")}, anthropic_errors},
    {401, bad, {is("error.type", "authentication_error")}, anthropic_errors},
    {402, spent, {object("error")}, anthropic_errors},
    {400, spent, {is("error.type", "billing_error")}, anthropic_errors},
    {400, spent, {is("error.type", "invalid_request_error"), begins("error.message", "Your credit balance is too low")}, anthropic_errors},
    {400, spent, {is("error.type", "invalid_request_error"), begins("error.message", "You have reached your specified API usage limits")}, anthropic_errors},
    {429, spent, {is("error.type", "insufficient_quota")}, "https://platform.claude.com/docs/en/api/openai-sdk"},
};

constexpr std::string_view mistral_errors = "https://docs.mistral.ai/resources/error-glossary";

inline constexpr provider_statement mistral[] = {
    {200, good, {list("data")}, "https://docs.mistral.ai/api/endpoint/models"},
    {401, bad, {is("detail", "Unauthorized")}, mistral_errors},
    // With an id of the request: a gateway in between says the word alone.
    {401, bad, {is("message", "Unauthorized"), begins("request_id", "")}, mistral_errors},
    {401, bad, {is("object", "error"), is("type", "authentication_error")}, mistral_errors},
    {402, spent, {begins("message", "")}, mistral_errors},
    {402, spent, {begins("detail", "")}, mistral_errors},
    {402, spent, {object("error")}, mistral_errors},
    {429, spent, {is("error.type", "insufficient_quota")}, mistral_errors},
};

constexpr std::string_view openrouter_errors = "https://openrouter.ai/docs/api-reference/errors";
constexpr std::string_view openrouter_keys = "https://openrouter.ai/docs/guides/overview/auth/api-keys";
constexpr std::string_view openrouter_key = "https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key";

inline constexpr provider_statement openrouter[] = {
    {200, spent, {not_positive("data.limit_remaining")}, openrouter_key},
    {200, good, {object("data")}, openrouter_key},
    {200, good, {list("data")}, openrouter_key},
    // That no credential came is not said of the one that was sent.
    {401, nothing, {begins("error.message", "No auth credentials found")}, openrouter_keys},
    {401, nothing, {begins("error.message", "No cookie auth credentials found")}, openrouter_keys},
    {401, nothing, {begins("error.message", "Missing Authentication header")}, openrouter_keys},
    {401, bad, {is("error.code", "401")}, openrouter_errors},
    {402, spent, {object("error")}, openrouter_errors},
    {429, spent, {is("error.type", "insufficient_quota")}, openrouter_errors},
};

constexpr std::string_view deepseek_errors = "https://api-docs.deepseek.com/quick_start/error_codes";
constexpr std::string_view deepseek_balance = "https://api-docs.deepseek.com/api/get-user-balance";

inline constexpr provider_statement deepseek[] = {
    {200, good, {is("is_available", "true")}, deepseek_balance},
    {200, spent, {is("is_available", "false")}, deepseek_balance},
    {200, good, {list("data")}, "https://api-docs.deepseek.com/api/list-models"},
    {401, bad, {is("error.type", "authentication_error")}, deepseek_errors},
    {402, spent, {object("error")}, deepseek_errors},
    {429, spent, {is("error.type", "insufficient_quota")}, deepseek_errors},
};
// clang-format on

} // namespace byot::statements

namespace byot {

/// Every provider that keys can be kept for: one entry each, and nothing about a provider elsewhere in the
/// code. A new one is one more entry here, with its statements above. The order is the one they are shown in.
inline constexpr std::array provider_table{
    provider{
        .name = "googleai",
        .title = "Google AI",
        .is_usual = true,
        .address_variable = "BYOT_PROVIDER_URL_GOOGLEAI",
        .address = "https://generativelanguage.googleapis.com",
        .question = {"/v1beta/models", "pageSize=1", "x-goog-api-key", "", "", ""},
        .statements = statements::googleai,
        .key_page = "https://aistudio.google.com/apikey",
        .key_pattern = "^(AIza[0-9A-Za-z_-]{35}|AQ\\.[0-9A-Za-z_-]{20,})$",
    },
    provider{
        .name = "openai",
        .title = "OpenAI",
        .is_usual = true,
        .address_variable = "BYOT_PROVIDER_URL_OPENAI",
        .address = "https://api.openai.com",
        .question = {"/v1/models", "", "authorization", "Bearer ", "", ""}, // takes no limit
        .statements = statements::openai,
        .key_page = "https://platform.openai.com/api-keys",
        .key_pattern = "^sk-[0-9A-Za-z_-]{20,}$",
    },
    provider{
        .name = "anthropic",
        .title = "Anthropic",
        .is_usual = true,
        .address_variable = "BYOT_PROVIDER_URL_ANTHROPIC",
        .address = "https://api.anthropic.com",
        .question = {"/v1/models", "limit=1", "x-api-key", "", "anthropic-version", "2023-06-01"},
        .statements = statements::anthropic,
        .key_page = "https://platform.claude.com/settings/keys",
        .key_pattern = "^sk-ant-[0-9A-Za-z_-]{20,}$",
    },
    provider{
        .name = "mistral",
        .title = "Mistral",
        .is_usual = false,
        .address_variable = "BYOT_PROVIDER_URL_MISTRAL",
        .address = "https://api.mistral.ai",
        .question = {"/v1/models", "", "authorization", "Bearer ", "", ""},
        .statements = statements::mistral,
        .key_page = "https://console.mistral.ai/api-keys",
        .key_pattern = "^[0-9A-Za-z]{32}$",
    },
    provider{
        .name = "openrouter",
        .title = "OpenRouter",
        .is_usual = false,
        .address_variable = "BYOT_PROVIDER_URL_OPENROUTER",
        .address = "https://openrouter.ai",
        .question = {"/api/v1/key", "", "authorization", "Bearer ", "", ""}, // its models need no key
        .statements = statements::openrouter,
        .key_page = "https://openrouter.ai/settings/keys",
        .key_pattern = "^sk-or-v1-[0-9a-f]{64}$",
    },
    provider{
        .name = "deepseek",
        .title = "DeepSeek",
        .is_usual = false,
        .address_variable = "BYOT_PROVIDER_URL_DEEPSEEK",
        .address = "https://api.deepseek.com",
        .question = {"/user/balance", "", "authorization", "Bearer ", "", ""},
        .statements = statements::deepseek,
        .key_page = "https://platform.deepseek.com/api_keys",
        .key_pattern = "^sk-[0-9a-f]{32}$",
    },
};

/// The provider of that name; null when there is none.
constexpr const provider* find_provider(std::string_view name) noexcept {
    for (const auto& each : provider_table) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

} // namespace byot
