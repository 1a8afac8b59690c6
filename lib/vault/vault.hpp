#pragma once

#include "core/failure.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "core/user_id.hpp"
#include "net/reactor.hpp"
#include "vault/key_cache.hpp"
#include "vault/key_record.hpp"
#include "vault/key_store.hpp"
#include "vault/keyring.hpp"
#include "vault/live_keyring.hpp"
#include "vault/vault_peers.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace byot::vault {

/// How much a vault remembers.
struct vault_settings {
    std::size_t cached_keys = 10000;               ///< of one reactor
    std::chrono::milliseconds time_to_live{30000}; ///< BYOT_KEY_CACHE_TTL; zero: the store is read each time
};

/// A key that a user wants kept: either `api_key` as it is, or `sealed` with its `key_id`. Moves only.
struct save_request {
    std::string provider;
    secret api_key;     ///< empty when the browser sealed it
    std::string sealed; ///< the box's raw bytes, empty when `api_key` is given
    std::string key_id; ///< the keyring entry it was sealed for; only with `sealed`
    std::string hint;   ///< up to 4 visible ASCII characters; only with `sealed`, else taken from the key
    std::optional<wall_time> expires_at;
    key_state state = key_state::unverified; ///< `verified` when the provider has just accepted it
};

/// How long a key that was opened may be sent without another look.
struct key_validity {
    std::uint64_t epoch = 0; ///< of the user: another one means that their keys may have changed
    steady_time good_until;
    std::optional<wall_time> expires_at;
};

/// Which key was written to `out`.
struct opened_key {
    std::string credential_id;
    key_state state = key_state::unverified;
    std::size_t size = 0; ///< its bytes at the front of `out`
    key_validity validity;
};

/// Everything that can be done with users' keys, on one reactor: the store, the keyring and the reactor's
/// cache behind one door. All calls come from its reactor's thread. `provider` is one the caller has checked
/// to be known. A `field_invalid` names the request's member as metadata "field".
class vault {
public:
    /// What `open` may write: the longest possible key.
    static constexpr std::size_t longest_key = 4096;
    /// `last_used_at` is written at most this often.
    static constexpr std::chrono::minutes use_interval{5};
    /// What was read serves the request that read it at least so long, however short BYOT_KEY_CACHE_TTL is.
    static constexpr std::chrono::milliseconds shortest_use{100};

    /// `store` outlives the vault; the vault outlives its reactor's run. Every vault of the process shares
    /// one `peers` and one `ring`.
    vault(net::reactor& here, std::shared_ptr<vault_peers> peers, key_store& store,
          std::shared_ptr<live_keyring> ring, vault_settings settings);
    ~vault();
    vault(const vault&) = delete;
    vault& operator=(const vault&) = delete;

    /// The keyring as it is now; a name of one's own keeps it while its file is rotated.
    std::shared_ptr<const keyring> ring() const;
    /// Looks at the keyring's file again, for something that another process may have made with a newer one.
    task<void> refresh_ring();

    /// Checks a request as `save` does and gives its key, so that it can be tried at its provider first; an
    /// empty secret when it is sealed and this keyring cannot open it (role keys). An entry that the keyring
    /// lacks is looked for in its file first. `request` outlives the wait.
    /// Failure: `field_invalid`: apiKey (not a possible key), keyId (no active entry), sealedKey (size; or
    /// opened, not this user's, provider's and entry's, or not a possible key), hint, expiresAt (past).
    task<result<secret>> examine(user_id who, const save_request& request, wall_time now);

    /// Examines, seals for the newest entry unless it is sealed, signs, stores under a new credential id in
    /// place of the user's key for that provider. When it returns, no reactor of the process uses the old
    /// key. Failures: `examine`'s, `store_unavailable`, also when
    /// the entry is closed and the file has no newer one; `internal` when the keyring cannot sign (role ai).
    task<result<key_record>> save(user_id who, save_request request, wall_time now);

    /// Whether there was one. When it returns, no reactor of the process uses the key.
    /// Failure: `store_unavailable`; the key may or may not be there then.
    task<result<bool>> remove(user_id who, std::string provider);

    /// The user's records in the order of their providers. Failure: `store_unavailable`.
    task<result<std::vector<key_record>>> list(user_id who);

    /// The warm path: neither suspends nor allocates. Writes the key to the front of `out` (room for
    /// `longest_key` bytes), which the caller wipes; what the answer refers to is valid until the next
    /// suspension. Nothing when the store must be asked: `open` then.
    std::optional<key_cache::hit> find_cached(const user_id& who, std::string_view provider, wall_time now,
                                              std::span<char> out);

    /// The key from the cache, or read, checked and opened. `out` as for `find_cached`; it is written after
    /// the last suspension, so it may be the reactor's scratch memory. The first use after each read is
    /// recorded as `last_used_at` in the background.
    /// Failures: `key_required`, `key_expired`, `key_undecryptable` (recorded as the key's state, unless it
    /// is only this role that cannot open; an entry that the keyring lacks is looked for in its file first),
    /// `store_unavailable`.
    task<result<opened_key>> open(user_id who, std::string provider, wall_time now, std::span<char> out);

    /// Changes when a key of the user was saved, removed or judged, in this process; before that is answered.
    std::uint64_t epoch_of(const user_id& who) const noexcept;
    /// Whether a key of that user may still be sent. Neither suspends nor allocates.
    bool is_valid(const user_id& who, const key_validity& seen, wall_time now) const noexcept;

    /// The key as the store has it now, for a question about it: that is no use, so neither the cache nor
    /// `last_used_at` knows of it. `out` and failures as for `open`. The validity's epoch is from before the
    /// read.
    task<result<opened_key>> open_stored(user_id who, std::string provider, wall_time now,
                                         std::span<char> out);

    /// Records what the provider said of the key at `now` (state and last_checked_at), if the credential is
    /// still the stored one; every reactor reads it anew. The answer is whether it was.
    /// Failure: `store_unavailable`.
    task<result<bool>> change_state(user_id who, std::string provider, std::string credential_id,
                                    key_state state, wall_time now);

    /// The same in the background, of what the upstream said while its user goes on. A failure loses nothing:
    /// it is said again at the key's next use.
    void note_state(const user_id& who, std::string_view provider, std::string_view credential_id,
                    key_state told, wall_time now) noexcept;

    /// Waits until nothing is being written in the background; before the store is closed.
    task<void> settle();

private:
    struct state;
    task<void> write_state(user_id who, std::string provider, std::string credential_id, key_state told,
                           wall_time now);

    std::unique_ptr<state> state_;
};

} // namespace byot::vault
