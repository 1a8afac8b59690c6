#pragma once

#include "core/failure.hpp"
#include "core/task.hpp"
#include "core/user_id.hpp"
#include "net/reactor.hpp"
#include "vault/key_record.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace byot::vault {

/// A change of what is known about a key, made only if the credential is still the stored one.
struct key_change {
    std::string provider;
    std::string credential_id;
    std::optional<key_state> state;
    std::optional<wall_time> last_used_at;
    std::optional<wall_time> last_checked_at;
    std::string version; ///< `key_record::version` when it was read just now: may save the store a read
};

/// A record and whose it is.
struct owned_record {
    user_id who;
    key_record record;
};

/// An instance that saves keys, as it tells whoever wants to take an entry out of the keyring.
struct saver {
    std::string id;     ///< the instance's own, of [A-Za-z0-9_-]
    std::string key_id; ///< the entry that it seals new keys for
    wall_time until;    ///< it tells again before that, by its own clock, unless it has ended
};

/// What `save` fails with under a user's tombstone. A save that is asked for again is made.
inline failure removed_meanwhile() {
    return {reason::store_unavailable,
            "Everything stored of this user was removed while the key was being stored. Store it again if it "
            "is still wanted."};
}

/// Where records lie. A virtual interface: SQLite on one machine, Firestore in production.
/// Every call runs on the calling coroutine's reactor `here` and may be made from any of them. Failure of
/// each: `store_unavailable`.
class key_store {
public:
    virtual ~key_store() = default;

    /// All records of a user; empty when there are none.
    virtual task<result<std::vector<key_record>>> load(net::reactor& here, user_id who) = 0;
    /// Puts the record in place of the user's record for that provider, unless its entry is closed: whether
    /// it did. Durable when it returns. Fails with `removed_meanwhile` where the user was removed after
    /// `record.created_at`.
    virtual task<result<bool>> save(net::reactor& here, user_id who, key_record record) = 0;
    /// Whether there was one. Durable when it returns.
    virtual task<result<bool>> remove(net::reactor& here, user_id who, std::string provider) = 0;
    /// Removes all records of a user and leaves a tombstone: no record that was created at `at` or before is
    /// put there from when this returns on, by whatever instance and however late its write arrives; the
    /// store itself refuses it. What the user stores afterwards is kept. Durable when it returns.
    /// Not before every instance is of a release that knows tombstones (SQLite's schema 4).
    virtual task<result<void>> remove_user(net::reactor& here, user_id who, wall_time at) = 0;
    /// Whether the credential was still the stored one.
    virtual task<result<bool>> change(net::reactor& here, user_id who, key_change what) = 0;
    /// Puts the key id, box, signature and update time of `record` in place of the stored ones if those still
    /// have the same credential and `old_key_id` (rewrap), and its own entry is not closed. What else was
    /// learnt of the key meanwhile stays.
    virtual task<result<bool>> replace(net::reactor& here, user_id who, key_record record,
                                       std::string old_key_id) = 0;
    /// Up to `limit` records whose entry is not `newest_key_id`, in the store's order of users after
    /// `after` (nothing: from the first). A user's records stay together, so there may be a few more.
    /// Each user of the store comes once when the last user of a page is the next one's `after`.
    virtual task<result<std::vector<owned_record>>> list_not_under(net::reactor& here,
                                                                   std::string newest_key_id,
                                                                   std::optional<user_id> after,
                                                                   std::size_t limit) = 0;
    /// Closes an entry for good. No record is put under it from when this returns on, by whatever instance
    /// and however late its write arrives: the store itself refuses it in the same step. Durable.
    virtual task<result<void>> close_entry(net::reactor& here, std::string key_id) = 0;
    virtual task<result<bool>> is_closed(net::reactor& here, std::string key_id) = 0;

    /// Tells that an instance saves, in place of what it told before.
    virtual task<result<void>> announce(net::reactor& here, saver who) = 0;
    /// It saves no more. Not to have been there is no failure.
    virtual task<result<void>> withdraw(net::reactor& here, std::string saver_id) = 0;
    /// All who told and did not withdraw, those whose time is over too.
    virtual task<result<std::vector<saver>>> savers(net::reactor& here) = 0;

    /// Whether the store answers.
    virtual task<result<void>> probe(net::reactor& here) = 0;
    /// Calls that wait for what is not this process's (another one's lock) fail now and from now on: the
    /// process ends. From any thread. What waits on a reactor's connections ends with those.
    virtual void stop_waiting() noexcept = 0;
    /// Ends when no call made before on `here` waits for what nothing can break off: a disk that writes.
    virtual task<void> settle(net::reactor& here) = 0;
};

} // namespace byot::vault
