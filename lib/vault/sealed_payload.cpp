#include "vault/sealed_payload.hpp"

#include "core/encoding.hpp"
#include "core/secret_json.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace byot::vault {
namespace {

using kind = json_token::kind;

constexpr std::int64_t version = 1;

constexpr std::string_view tenant_name = "tenant";
constexpr std::array<std::string_view, 5> names{"uid", "provider", "keyId", "apiKey", tenant_name};
using payload_texts = std::array<std::optional<std::string_view>, names.size()>;

// Where the text of each member goes; nothing for a name that a payload does not have.
std::optional<std::string_view>* place_of(std::string_view name, payload_texts& texts) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return &texts[i];
    }
    return nullptr;
}

} // namespace

secret write_payload(const user_id& who, std::string_view provider, std::string_view key_id,
                     std::string_view api_key) {
    constexpr std::size_t frame = 80; // more than braces, names, colons and commas
    std::size_t room = frame;
    for (const auto part : {who.uid(), who.tenant(), provider, key_id, api_key}) {
        if (!is_utf8(part)) throw std::logic_error("a sealed payload holds text only");
        room += longest_json_string(part);
    }
    secret text(room);
    text.append(R"({"v":1,"uid":)");
    append_json_string(text, who.uid());
    if (!who.tenant().empty()) {
        text.append(R"(,"tenant":)");
        append_json_string(text, who.tenant());
    }
    text.append(R"(,"provider":)");
    append_json_string(text, provider);
    text.append(R"(,"keyId":)");
    append_json_string(text, key_id);
    text.append(R"(,"apiKey":)");
    append_json_string(text, api_key);
    text.append("}");
    return text;
}

std::optional<sealed_payload> parse_payload(std::string_view text) {
    auto json = read_secret_json(text);
    if (!json || json->tokens.front().what != kind::object_begin) return std::nullopt;
    bool has_version = false;
    bool names_tenant = false;
    payload_texts texts;
    for (std::size_t i = 1; i + 1 < json->tokens.size(); i += 2) {
        const auto& name = json->tokens[i];
        const auto& value = json->tokens[i + 1];
        if (name.what != kind::name) return std::nullopt;
        if (name.text == "v") {
            if (has_version || value.what != kind::integer || value.number != version) return std::nullopt;
            has_version = true;
            continue;
        }
        if (name.text == tenant_name && std::exchange(names_tenant, true)) return std::nullopt;
        if (name.text == tenant_name && value.what == kind::null) continue;
        auto* const place = place_of(name.text, texts);
        if (!place || *place || value.what != kind::string) return std::nullopt;
        *place = value.text;
    }
    const auto& [uid, provider, key_id, api_key, tenant] = texts;
    if (!has_version || !uid || !provider || !key_id || !api_key) return std::nullopt;
    return sealed_payload{std::move(json->memory), *uid, tenant, *provider, *key_id, *api_key};
}

} // namespace byot::vault
