#include "vault/vault_peers.hpp"

#include "core/signal.hpp"

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

task<void> vault_peers::forget(net::reactor& here, std::string uid) {
    std::size_t awaited = 0; // changes on this reactor's thread only
    signal all_told;
    for (const auto& one : members()) {
        if (one.home == &here) {
            one.cache->forget(uid);
            continue;
        }
        ++awaited;
        one.home->post([&here, &uid, &awaited, &all_told, cache = one.cache] {
            cache->forget(uid);
            here.post([&awaited, &all_told] {
                if (--awaited == 0) all_told.notify();
            });
        });
    }
    if (awaited > 0) co_await all_told.wait();
}

} // namespace byot::vault
