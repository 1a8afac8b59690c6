#pragma once

#include "core/provider_statements.hpp"

#include <array>
#include <string_view>

namespace byot {

/// Every provider that keys can be kept for: one entry each, and nothing about a provider elsewhere in the
/// code. A new one is one more entry, with its statements. The order is the one they are shown in.
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
