#pragma once

#include "core/task.hpp"
#include "core/user_id.hpp"
#include "net/reactor.hpp"
#include "vault/key_cache.hpp"

#include <mutex>
#include <vector>

namespace byot::vault {

/// The key caches of one process, one a reactor, so that what one reactor learns leaves every cache. Shared
/// between reactors; vaults join and leave by themselves.
class vault_peers {
public:
    void join(net::reactor& home, key_cache& cache);
    void leave(const key_cache& cache) noexcept;

    /// Makes every cache forget the user's keys and waits until each has; the caller runs on `here`. The
    /// reactors of all caches must be running.
    task<void> forget(net::reactor& here, user_id who);

private:
    struct member {
        net::reactor* home;
        key_cache* cache; ///< touched on its home's thread only
    };
    std::vector<member> members() const;

    mutable std::mutex mutex_;
    std::vector<member> members_;
};

} // namespace byot::vault
