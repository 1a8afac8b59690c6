#include "api/key_body.hpp"

#include "core/encoding.hpp"
#include "core/secret_json.hpp"

#include <array>

namespace byot::api {
namespace {

using token_kind = json_token::kind;

enum member : std::size_t { api_key, sealed_key, key_id, hint, provider, expires_at, member_count };
constexpr std::array<std::string_view, member_count> member_names{"apiKey", "sealedKey", "keyId",
                                                                  "hint",   "provider",  "expiresAt"};
using members = std::array<std::optional<std::string_view>, member_count>;

constexpr std::string_view unknown_member =
    "The body has a member that this address does not know. It takes apiKey, or sealedKey with keyId and "
    "perhaps hint; and beside them provider and expiresAt.";

failure wrong_field(std::string_view name, std::string message) {
    return failure(reason::field_invalid, std::move(message)).with("field", std::string(name));
}

std::size_t find_member(std::string_view name) noexcept {
    return static_cast<std::size_t>(std::find(member_names.begin(), member_names.end(), name) -
                                    member_names.begin());
}

/// The members of a flat object of strings; one that is null is absent, which is how typed clients leave it
/// out.
result<members> read_members(const secret_json& json) {
    const auto& tokens = json.tokens;
    if (tokens.size() < 2 || tokens.front().what != token_kind::object_begin)
        return failure(reason::body_invalid);
    members found;
    std::array<bool, member_count> is_there{};
    for (std::size_t i = 1; i + 1 < tokens.size(); i += 2) {
        const auto which = find_member(tokens[i].text);
        // An unknown name is not repeated to the caller: it may be a key that was put in the wrong place.
        if (which == member_count) return wrong_field("body", std::string(unknown_member));
        const auto name = member_names[which];
        if (is_there[which]) return wrong_field(name, "This member is there twice.");
        is_there[which] = true;
        if (tokens[i + 1].what == token_kind::null) continue;
        if (tokens[i + 1].what != token_kind::string)
            return wrong_field(name, "This member must be a string.");
        found[which] = tokens[i + 1].text;
    }
    return found;
}

result<void> read_sealed(const members& found, vault::save_request& request) {
    auto box = base64_decode(*found[sealed_key]);
    if (!box) return wrong_field("sealedKey", "A sealed key is standard base64 with padding.");
    if (!found[key_id]) return wrong_field("keyId", "A sealed key needs the keyId it was sealed for.");
    request.sealed = std::move(*box);
    request.key_id = *found[key_id];
    request.hint = found[hint].value_or("");
    return {};
}

result<void> read_plain(const members& found, vault::save_request& request) {
    if (found[key_id]) return wrong_field("keyId", "keyId belongs to a sealed key.");
    if (found[hint]) return wrong_field("hint", "hint belongs to a sealed key.");
    if (found[api_key]->empty()) return wrong_field("apiKey", "The key is empty.");
    request.api_key = secret::copy_of(*found[api_key]);
    return {};
}

} // namespace

result<key_body> read_key_body(const secret& json) {
    const auto read = read_secret_json(json.expose());
    wipe_stack();
    if (!read) return failure(reason::body_invalid);
    const auto found = read_members(*read);
    if (found.has_error()) return found.error();
    const auto& given = found.value();
    if (given[api_key] && given[sealed_key])
        return wrong_field("sealedKey", "Give apiKey or sealedKey, not both.");
    if (!given[api_key] && !given[sealed_key])
        return wrong_field("apiKey", "The body has neither apiKey nor sealedKey.");

    key_body body;
    if (given[provider]) body.provider = std::string(*given[provider]);
    if (given[expires_at]) {
        body.request.expires_at = parse_rfc3339(*given[expires_at]);
        if (!body.request.expires_at)
            return wrong_field("expiresAt", "expiresAt is an RFC 3339 date and time.");
    }
    const auto kept = given[api_key] ? read_plain(given, body.request) : read_sealed(given, body.request);
    if (kept.has_error()) return kept.error();
    return body;
}

} // namespace byot::api
