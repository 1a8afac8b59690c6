#pragma once

#include "core/failure.hpp"
#include "core/task.hpp"
#include "net/reactor.hpp"
#include "vault/key_store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace byot::vault {

/// What may still need a keyring entry.
struct entry_use {
    std::uint64_t records = 0; ///< stored keys under it, which nothing else opens
    std::vector<saver> savers; ///< instances that seal new keys for it, by what they told
    bool is_closed = false;    ///< the store takes no more records under it
    bool is_none() const noexcept { return records == 0 && savers.empty(); }
};

/// Looks at all of the store. Failure: `store_unavailable`.
task<result<entry_use>> look_at_use(net::reactor& here, key_store& store, std::string key_id, wall_time now);

/// Makes sure that nothing needs the entry, now or later, so that it may be taken out of the keyring file:
/// looks; when it is in use, changes nothing and tells. Else closes it, and then looks again for what was
/// saved meanwhile. Once it is closed there is nothing that could put a record under it, so an answer that is
/// `is_none` holds for good, wherever this is interrupted and however often it is repeated.
task<result<entry_use>> close_unused(net::reactor& here, key_store& store, std::string key_id, wall_time now);

} // namespace byot::vault
