#include "auth/firebase_verifier.hpp"

#include "core/secret.hpp"

namespace byot::auth {
namespace {

class firebase_verifier final : public token_verifier {
public:
    firebase_verifier(net::reactor& here, certificate_source& certificates,
                      firebase_verifier_settings settings)
        : project_(std::move(settings.project)), peers_(std::move(settings.peers)),
          tokens_(here, certificates, settings.remembered) {
        peers_->join(tokens_);
    }
    ~firebase_verifier() override { peers_->leave(tokens_); }
    firebase_verifier(const firebase_verifier&) = delete;
    firebase_verifier& operator=(const firebase_verifier&) = delete;

    const identity* remembered(std::string_view token, wall_time now) noexcept override {
        if (token.size() > largest_token) return nullptr;
        const auto* const who = tokens_.find(digest_of(token));
        return who && now < who->expires_at ? who : nullptr;
    }

    task<result<identity>> verify(std::string_view token, wall_time now) override {
        if (token.size() > largest_token) co_return check_claims(token, project_, now).error();
        const token_digest digest = digest_of(token);
        if (auto known = tokens_.recall(digest, now)) co_return std::move(*known);
        auto content = check_claims(token, project_, now);
        if (!content) co_return std::move(content).error();
        wipe_stack(); // which the token was taken apart on
        auto& owner = peers_->owner_of(digest);
        const auto settle = [&] { return owner.settle(digest, std::move(*content), now); };
        auto settled = co_await net::run_on<result<identity>>(owner.home(), tokens_.home(), settle);
        if (settled && &owner != &tokens_) tokens_.remember(digest, *settled);
        co_return settled;
    }

    std::uint64_t signatures_verified() const noexcept override { return tokens_.signatures_verified(); }

private:
    std::string project_;
    std::shared_ptr<verifier_peers> peers_;
    remembered_tokens tokens_;
};

} // namespace

void verifier_peers::join(remembered_tokens& one) {
    const std::lock_guard lock(mutex_);
    members_.push_back(&one);
}

void verifier_peers::leave(const remembered_tokens& one) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase(members_, &one);
}

remembered_tokens& verifier_peers::owner_of(const token_digest& token) const {
    const std::lock_guard lock(mutex_);
    return *members_.at(token_digest_hash()(token) % members_.size());
}

std::unique_ptr<token_verifier> make_firebase_verifier(net::reactor& here, certificate_source& certificates,
                                                       firebase_verifier_settings settings) {
    return std::make_unique<firebase_verifier>(here, certificates, std::move(settings));
}

} // namespace byot::auth
