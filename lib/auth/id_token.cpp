#include "auth/id_token.hpp"

#include "auth/token_rules.hpp"

namespace byot::auth {
namespace {

/// RSA of 2048 bits, the least that is taken, signs with so many bytes; no key need be fetched for fewer.
constexpr std::size_t shortest_signature = 256;

} // namespace

std::string issuer_of(std::string_view project) {
    return "https://securetoken.google.com/" + std::string(project);
}

result<unverified_token> check_claims(std::string_view token, std::string_view project, wall_time now) {
    auto parts = read_form(token);
    if (!parts) return std::move(parts).error();
    if (const auto sentence = name_other_kind(*parts)) {
        return failure(reason::token_invalid, std::string(*sentence));
    }
    auto key_id = check_header(parts->header);
    if (!key_id) return std::move(key_id).error();
    auto who = check_identity(parts->claims, project, now);
    if (!who) return std::move(who).error();
    if (parts->signature.size() < shortest_signature) {
        return failure(reason::token_invalid, "The token's signature is missing or cut short.");
    }
    return unverified_token{std::move(*key_id), std::move(*who), parts->signed_part,
                            token.substr(parts->signed_part.size() + 1)};
}

} // namespace byot::auth
