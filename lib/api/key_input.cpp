#include "api/key_input.hpp"

#include "core/encoding.hpp"
#include "core/secret_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace byot::api {
namespace {

/// application/x-www-form-urlencoded text; nothing when a percent-encoding is malformed.
std::optional<std::string> decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        unsigned byte = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || read.ptr != digits.data() + 2) return std::nullopt;
        decoded += static_cast<char>(byte);
        i += 2;
    }
    return decoded;
}

/// How the provider is named there.
std::string_view advice_for(endpoint what) noexcept {
    switch (what) {
    case endpoint::save_key:
        return "Name the provider in the body: {\"apiKey\":\"…\",\"provider\":\"…\"}.";
    case endpoint::remove_key:
        return "Name the provider in the query: DELETE /api/key?provider=…";
    case endpoint::check_key:
        return "Name the provider in the query: POST /api/key/check?provider=…";
    default:
        return "It is the same for every provider.";
    }
}

bool takes_provider(endpoint what) noexcept {
    return what == endpoint::remove_key || what == endpoint::check_key;
}

failure not_taken(endpoint what, std::string field, std::string_view sentence) {
    std::string message(sentence);
    message.append(" ").append(advice_for(what));
    return failure(reason::field_invalid, std::move(message)).with("field", std::move(field));
}

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

// By hand and not by Boost.URL: 1.81 reads past an empty query, and its parameters lost their values here.
result<std::vector<parameter>> read_query(std::string_view query) {
    std::vector<parameter> parameters;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = decode(pair.substr(0, equals));
        auto value = decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
        if (!name || !value)
            return failure(reason::field_invalid, "The query is malformed.").with("field", "query");
        parameters.push_back({std::move(*name), std::move(*value)});
    }
    return parameters;
}

result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name) {
    const auto parameters = read_query(query);
    if (parameters.has_error()) return parameters.error();
    std::optional<std::string> found;
    for (const auto& each : *parameters) {
        if (each.name != name) continue;
        if (found) {
            return failure(reason::field_invalid, "This parameter is there twice.")
                .with("field", std::string(name));
        }
        found = each.value;
    }
    return found;
}

bool is_about_keys(endpoint what) noexcept {
    switch (what) {
    case endpoint::save_key:
    case endpoint::remove_key:
    case endpoint::key_status:
    case endpoint::check_key:
    case endpoint::public_key:
        return true;
    default:
        return false;
    }
}

result<void> check_key_input(endpoint what, const http::request_head& head, std::string_view query) {
    if (head.has(http::field::x_byot_provider)) {
        return not_taken(what, "x-byot-provider", "x-byot-provider is for requests to flows.");
    }
    const auto parameters = read_query(query);
    if (parameters.has_error()) return parameters.error();
    for (const auto& each : *parameters) {
        if (each.name != "provider") {
            return not_taken(what, "query",
                             takes_provider(what) ? "This address takes the parameter provider and no other."
                                                  : "This address takes no query parameters.");
        }
        if (!takes_provider(what))
            return not_taken(what, "provider", "This address takes no query parameters.");
    }
    return {};
}

failure unexpected_body(endpoint what) {
    return not_taken(what, "body", "This address takes no body.");
}

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
