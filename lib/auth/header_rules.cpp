#include "auth/token_rules.hpp"
#include "core/encoding.hpp"
#include "core/json.hpp"

#include <algorithm>

namespace byot::auth {
namespace {

constexpr std::size_t longest_key_id = 128;

/// Every kid that is published is visible ASCII; another one cannot be known, so nothing is fetched for it.
bool is_key_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_key_id &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

/// RFC 7515 §4.1.9: absent, or the media type JWT, whose case does not count; "application/" may be left out.
bool is_type_fit(const boost::json::object& header) {
    if (!header.contains("typ")) return true;
    const auto type = string_member(header, "typ");
    return type && (equals_ignoring_case(*type, "JWT") || equals_ignoring_case(*type, "application/JWT"));
}

failure refuse(const char* sentence) {
    return {reason::token_invalid, sentence};
}

} // namespace

result<std::string> check_header(const boost::json::object& header) {
    const auto algorithm = string_member(header, "alg");
    if (algorithm == "none") {
        return refuse(
            "The token is unsigned, as the Auth emulator makes them; this service takes only tokens "
            "signed by Firebase.");
    }
    if (algorithm != "RS256") return refuse("The token's algorithm is not RS256.");
    if (header.contains("crit")) return refuse("The token's header asks for extensions (crit).");
    if (header.contains("cty")) return refuse("The token holds another token (cty).");
    if (!is_type_fit(header)) return refuse("The token's type (typ) is not JWT.");
    const auto key_id = string_member(header, "kid");
    if (!key_id || !is_key_id(*key_id)) return refuse("The token does not say which key signed it (kid).");
    return std::string(*key_id);
}

} // namespace byot::auth
