#pragma once

#include "core/locked_memory.hpp"
#include "vault/vault.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace byot::vault {

/// The key that one request is to be sent with. It is looked for when the request comes, and looked at again
/// in the step that sends it: between the two the request waits for others (a token, a connection), and the
/// key may be removed, replaced or expire. Of one reactor, like its vault.
class requested_key {
public:
    /// `from`, `slots` and what the views refer to outlive it.
    requested_key(vault& from, locked_slots& slots, const user_id& who, std::string_view provider);

    /// Whether what is held is the user's key now, taken from the cache if need be. Neither suspends nor
    /// reads the store. When it is true, the key may be sent until the next suspension.
    bool is_current();
    /// Takes the key from the cache or the store. Between its end and the caller's next step nothing else
    /// runs, so that `is_current` is true then. Failures: `vault::open`'s; nothing is held after one.
    task<result<void>> open();

    /// The key held. In locked memory.
    std::string_view text() const noexcept;
    /// Of the key held or, after `give_back`, of the one that was sent.
    const std::string& credential_id() const noexcept { return credential_id_; }
    /// Wipes the key and lets others use its memory: it is on its way. Nothing but `credential_id` may be
    /// asked for after that.
    void give_back() noexcept;

private:
    bool find_cached(wall_time now);

    vault& from_;
    locked_slots::slot slot_;
    const user_id& who_;
    std::string_view provider_;
    std::string credential_id_;
    std::size_t size_ = 0; ///< zero: none is held
    key_validity validity_;
};

} // namespace byot::vault
