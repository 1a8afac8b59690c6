#include "vault/vault_peers.hpp"

namespace byot::vault {

void vault_peers::join(net::reactor& home, key_cache& cache) {
    const std::lock_guard lock(mutex_);
    members_.push_back({&home, &cache});
}

void vault_peers::leave(const key_cache& cache) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase_if(members_, [&](const member& one) { return one.cache == &cache; });
}

std::vector<vault_peers::member> vault_peers::members() const {
    const std::lock_guard lock(mutex_);
    return members_;
}

task<void> vault_peers::forget(net::reactor& here, user_id who) {
    for (const auto& one : members()) {
        if (one.home == &here) one.cache->forget(who);
    }
    for (const auto& one : members()) {
        if (one.home == &here) continue;
        // It is named and outlives its coroutine, which is waited for here.
        // NOLINTNEXTLINE(cppcoreguidelines-avoid-capturing-lambda-coroutines)
        const auto forget_there = [&who, cache = one.cache]() -> task<bool> {
            cache->forget(who);
            co_return true;
        };
        co_await net::run_on<bool>(*one.home, here, forget_there);
    }
}

} // namespace byot::vault
