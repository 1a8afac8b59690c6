// OpenSSL 3's EVP interface allocates for every digest it makes; SHA256_* does not, and a warm request must
// not. Both run the same assembly.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "auth/remembered_tokens.hpp"

#include "core/encoding.hpp"

#include <openssl/sha.h>

#include <algorithm>

namespace byot::auth {
namespace {

/// How long a wrong signature is remembered.
constexpr std::chrono::seconds memory_of_wrong{60};

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

token_digest digest_of(std::string_view token) noexcept {
    SHA256_CTX context;
    token_digest digest;
    SHA256_Init(&context);
    SHA256_Update(&context, token.data(), token.size());
    SHA256_Final(digest.data(), &context);
    return digest;
}

remembered_tokens::remembered_tokens(net::reactor& home, certificate_source& certificates,
                                     std::size_t capacity)
    : home_(home), certificates_(certificates), capacity_(std::max<std::size_t>(capacity, 1)) {}

const identity* remembered_tokens::find(const token_digest& token) noexcept {
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return &found->second->who;
}

std::optional<result<identity>> remembered_tokens::recall(const token_digest& token, wall_time now) {
    if (const auto* const who = find(token)) {
        if (now < who->expires_at) return result<identity>(*who);
        return result<identity>(expired());
    }
    const auto& held = wrong_place(token);
    const bool is_wrong = held.token == token && now < held.until && held.until - now <= memory_of_wrong;
    if (is_wrong) return result<identity>(wrong_signature());
    return std::nullopt;
}

void remembered_tokens::remember(const token_digest& token, identity who) {
    if (by_token_.contains(token)) return;
    if (by_use_.size() == capacity_) {
        by_token_.erase(by_use_.back().token);
        by_use_.pop_back();
    }
    by_use_.push_front(good_token{token, std::move(who)});
    by_token_.emplace(token, by_use_.begin());
}

task<result<identity>> remembered_tokens::settle(token_digest token, unverified_token content,
                                                 wall_time now) {
    auto keys = co_await certificates_.keys_for(home_, content.key_id, now);
    if (!keys) co_return std::move(keys).error();
    // While this one waited, another request with the same token may have settled it.
    if (auto known = recall(token, now)) co_return std::move(*known);
    co_return verify(token, std::move(content), **keys, now);
}

result<identity> remembered_tokens::verify(const token_digest& token, unverified_token content,
                                           const public_keys& keys, wall_time now) {
    const auto key = keys.find(content.key_id);
    if (key == keys.end()) return unknown_key();
    ++signatures_verified_;
    const auto signature = base64url_decode(content.signature);
    if (!signature || !is_signed_by(*key->second, content.signed_part, *signature)) {
        wrong_place(token) = wrong_token{token, now + memory_of_wrong};
        return wrong_signature();
    }
    remember(token, content.who);
    return std::move(content.who);
}

remembered_tokens::wrong_token& remembered_tokens::wrong_place(const token_digest& token) const noexcept {
    return (*wrong_)[token_digest_hash()(token) % wrong_->size()];
}

} // namespace byot::auth
