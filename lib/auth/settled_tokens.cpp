#include "auth/settled_tokens.hpp"

#include "core/encoding.hpp"

namespace byot::auth {
namespace {

failure expired() {
    return {reason::token_expired, "The token expired; getIdToken() gives a new one."};
}

failure wrong_signature() {
    return {reason::token_invalid, "The token's signature is not its issuer's."};
}

failure unknown_key() {
    return {reason::token_invalid, "The token was signed with a key that its issuer does not publish."};
}

} // namespace

std::optional<result<identity>> settled_tokens::recall(const token_digest& token, wall_time now) {
    if (const auto* const who = verified_.find(token)) {
        if (now < who->expires_at) return result<identity>(*who);
        return result<identity>(expired());
    }
    if (refused_.contains(token, now)) return result<identity>(wrong_signature());
    return std::nullopt;
}

task<result<identity>> settled_tokens::settle(token_digest token, unverified_token content, wall_time now) {
    auto keys = co_await certificates_.keys_for(home_, content.key_id, now);
    if (!keys) co_return std::move(keys).error();
    // While this one waited, another request with the same token may have settled it.
    if (auto known = recall(token, now)) co_return std::move(*known);
    co_return verify(token, std::move(content), **keys, now);
}

result<identity> settled_tokens::verify(const token_digest& token, unverified_token content,
                                        const public_keys& keys, wall_time now) {
    const auto key = keys.find(content.key_id);
    if (key == keys.end()) return unknown_key();
    ++signatures_verified_;
    const auto signature = base64url_decode(content.signature);
    if (!signature || !is_signed_by(*key->second, content.signed_part, *signature)) {
        refused_.remember(token, now);
        return wrong_signature();
    }
    verified_.remember(token, content.who);
    return std::move(content.who);
}

} // namespace byot::auth
