#include "auth/firebase_verifier.hpp"

#include "auth/id_token.hpp"
#include "auth/refused_tokens.hpp"
#include "auth/verified_tokens.hpp"
#include "core/encoding.hpp"
#include "core/secret.hpp"

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

class firebase_verifier final : public token_verifier {
public:
    firebase_verifier(net::reactor& here, certificate_source& certificates, std::string project,
                      std::size_t remembered)
        : here_(here), certificates_(certificates), project_(std::move(project)), verified_(remembered) {}

    const identity* remembered(std::string_view token, wall_time now) noexcept override {
        if (token.size() > largest_token) return nullptr;
        const auto* const who = verified_.find(digest_of(token));
        return who && now < who->expires_at ? who : nullptr;
    }

    task<result<identity>> verify(std::string_view token, wall_time now) override {
        if (token.size() > largest_token) co_return check_claims(token, project_, now).error();
        const token_digest digest = digest_of(token);
        if (auto known = recall(digest, now)) co_return std::move(*known);
        auto checked = check_claims(token, project_, now);
        if (!checked) co_return std::move(checked).error();
        wipe_stack(); // which the token was taken apart on
        auto keys = co_await certificates_.keys_for(here_, checked->key_id, now);
        if (!keys) co_return std::move(keys).error();
        // While this one waited, another request with the same token may have settled it.
        if (auto known = recall(digest, now)) co_return std::move(*known);
        co_return settle(digest, std::move(*checked), **keys, now);
    }

private:
    /// What was found out about this token before.
    std::optional<result<identity>> recall(const token_digest& digest, wall_time now) {
        if (const auto* const who = verified_.find(digest)) {
            if (now < who->expires_at) return result<identity>(*who);
            return result<identity>(expired());
        }
        if (refused_.contains(digest, now)) return result<identity>(wrong_signature());
        return std::nullopt;
    }

    result<identity> settle(const token_digest& digest, unverified_token token, const public_keys& keys,
                            wall_time now) {
        const auto key = keys.find(token.key_id);
        if (key == keys.end()) return unknown_key();
        const auto signature = base64url_decode(token.signature);
        if (!signature || !is_signed_by(*key->second, token.signed_part, *signature)) {
            refused_.remember(digest, now);
            return wrong_signature();
        }
        verified_.remember(digest, token.who);
        return std::move(token.who);
    }

    net::reactor& here_;
    certificate_source& certificates_;
    std::string project_;
    verified_tokens verified_;
    refused_tokens refused_;
};

} // namespace

std::unique_ptr<token_verifier> make_firebase_verifier(net::reactor& here, certificate_source& certificates,
                                                       std::string project, std::size_t remembered) {
    return std::make_unique<firebase_verifier>(here, certificates, std::move(project), remembered);
}

} // namespace byot::auth
