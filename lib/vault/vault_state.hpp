#pragma once

#include "vault/use_times.hpp"
#include "vault/user_loads.hpp"
#include "vault/vault.hpp"

#include <unordered_set>

namespace byot::vault {

/// What a vault is made of; private to it.
struct vault::state {
    state(net::reactor& here_, std::shared_ptr<vault_peers> peers_, key_store& store_,
          std::shared_ptr<live_keyring> ring_, vault_settings settings);
    ~state();

    /// The key of a record that may be used at `now`.
    result<secret> open_current(const user_id& who, const key_record& record, wall_time now);
    /// Whether the file may know more of its entry than the ring does. One that is marked already does not
    /// make its user wait again: the background finds what the file has.
    bool is_of_unknown_entry(const key_record& record) const;
    /// Opens one of the records that were read. Suspends nobody, so `out` may be scratch memory.
    result<opened_key> open_loaded(const user_id& who, const key_record& record, steady_time read_at,
                                   wall_time now, std::span<char> out);
    /// The ring to examine a request with.
    task<std::shared_ptr<const keyring>> ring_for(const save_request& request);
    task<std::optional<failure>> why_not_again(const save_request& request, std::string closed);
    /// Writes what was learnt of a key while its user goes on.
    void write_later(const user_id& who, key_change what);

    net::reactor& here;
    std::shared_ptr<vault_peers> peers;
    key_store& store;
    std::shared_ptr<live_keyring> ring;
    const std::chrono::milliseconds time_to_live;
    key_cache cache;
    user_loads loads;
    use_times uses{use_interval};
    std::unordered_set<std::string> being_written; ///< credentials
    unsigned states_being_written = 0;
    async_event settled;

private:
    /// Notes the state, if it is this ring's to tell, and gives the failure.
    failure refuse(const user_id& who, const key_record& record, key_state as, failure why);
    void note_use(const user_id& who, const key_record& record, wall_time now);
    task<void> write(user_id who, std::string credential_id, key_change what);
};

} // namespace byot::vault
