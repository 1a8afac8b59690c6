#pragma once

#include "core/failure.hpp"
#include "core/task.hpp"
#include "core/user_id.hpp"
#include "net/reactor.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace byot::vault {

/// What happened to one of a user's keys, as its user is shown it. Holds nothing of the key.
struct key_event {
    enum class kind : std::uint8_t { saved, checked, used_first, rejected, removed };

    std::string id; ///< random, made once: a record that is written twice is there once
    kind what = kind::saved;
    std::string provider;
    std::string credential_id; ///< whose event it is, also after the credential is gone
    wall_time at;
    std::string address; ///< where the request came from, as text; empty where no request did it
};

/// What a user did with one provider on one day (UTC), or what is to be added to that.
struct daily_usage {
    std::chrono::sys_days day;
    std::string provider;
    std::uint64_t requests = 0; ///< streams among them
    std::uint64_t streams = 0;
    std::uint64_t errors = 0;   ///< requests that were answered with 400 or above
    std::uint64_t bytes_in = 0; ///< of bodies
    std::uint64_t bytes_out = 0;
    std::uint64_t first_bytes = 0;                 ///< answers that had a first byte
    std::chrono::milliseconds until_first_byte{0}; ///< of all of those together: the mean is their quotient
};

/// Where it is written down what was done with keys. The third virtual interface of the stores, beside
/// `key_store`: nobody implements it yet, and lib/vault/README.md says why it is one of its own.
///
/// A user who was removed has left a tombstone (`key_store::remove_user`). Nothing of before is added under
/// it: an event or a use is refused where it began at the tombstone's time or before, in the same transaction
/// or commit that would write it, so that a late write brings nothing back. To be refused is no failure.
///
/// Calls run on the calling coroutine's reactor `here`. Failure of each: `store_unavailable`; none of them
/// may make the request fail that is written down.
class ledger {
public:
    virtual ~ledger() = default;

    /// Adds an event; one of an id that is there already is not added again. Kept for 90 days.
    virtual task<result<void>> record(net::reactor& here, user_id who, key_event what) = 0;
    /// Adds to the user's counts of that day and provider what was done since `began_at`. Counted once at
    /// most: where the answer is lost, counts may be missing, and are never double.
    virtual task<result<void>> add(net::reactor& here, user_id who, daily_usage more, wall_time began_at) = 0;

    /// The newest events, newest first, `limit` (1 to 1000) at most.
    virtual task<result<std::vector<key_event>>> events(net::reactor& here, user_id who,
                                                        std::size_t limit) = 0;
    /// The counts of the days from `first` on, in their order; days without any are left out.
    virtual task<result<std::vector<daily_usage>>> usage(net::reactor& here, user_id who,
                                                         std::chrono::sys_days first) = 0;
    /// Removes all of a user that the tombstone of `at` covers. Called behind `key_store::remove_user`, and
    /// again after a failure: it may find a part of it done.
    virtual task<result<void>> remove_user(net::reactor& here, user_id who, wall_time at) = 0;
};

} // namespace byot::vault
