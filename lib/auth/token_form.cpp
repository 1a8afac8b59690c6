#include "auth/id_token.hpp"
#include "auth/token_rules.hpp"
#include "core/encoding.hpp"
#include "core/json.hpp"

namespace byot::auth {
namespace {

struct segments {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_part;
};

std::optional<segments> split(std::string_view token) noexcept {
    const auto first = token.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = token.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const segments parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                         token.substr(second + 1), token.substr(0, second)};
    if (parts.signature.find('.') != std::string_view::npos) return std::nullopt;
    return parts;
}

std::optional<boost::json::object> read_object(std::string_view segment) {
    const auto text = base64url_decode(segment);
    return text ? parse_json_object(*text) : std::nullopt;
}

} // namespace

result<token_parts> read_form(std::string_view token) {
    if (token.size() > largest_token)
        return failure(reason::token_invalid, "The token is larger than 16 KiB.");
    const auto parts = split(token);
    if (!parts) {
        return failure(reason::token_invalid, "A Firebase ID token has three parts joined by dots; send what "
                                              "getIdToken() gives, whole and unchanged.");
    }
    auto header = read_object(parts->header);
    if (!header) {
        return failure(reason::token_invalid, "The token's header is not base64url of a JSON object.");
    }
    auto claims = read_object(parts->payload);
    if (!claims) {
        return failure(reason::token_invalid, "The token's payload is not base64url of a JSON object.");
    }
    auto signature = base64url_decode(parts->signature);
    if (!signature) return failure(reason::token_invalid, "The token's signature is not base64url.");
    return token_parts{std::move(*header), std::move(*claims), std::move(*signature), parts->signed_part};
}

} // namespace byot::auth
