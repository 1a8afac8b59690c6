#pragma once

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/user_id.hpp"
#include "vault/key_record.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace byot::vault {

/// What the cache knows of a user's key without opening it.
struct cached_key {
    std::string credential_id;
    key_state state = key_state::unverified;
    std::optional<wall_time> expires_at;
};

/// One reactor's opened keys, each encrypted again (XChaCha20-Poly1305, the user and provider as associated
/// data) under a key of its own that lives in locked memory. Bound: `capacity` keys, the least recently
/// used leaves first; none is used later than `time_to_live` after it was read from the store.
class key_cache {
public:
    key_cache(std::size_t capacity, std::chrono::milliseconds time_to_live);
    ~key_cache();

    /// Puts a key in, as a read of the store that began at `read_at` gave it. `epoch` is what `epoch_of(who)`
    /// gave before that read began: when the user was forgotten since, the key is stale and is not kept.
    /// Nor is one of a user whose ids are longer than `key_cipher` takes.
    void put(const user_id& who, std::string_view provider, cached_key about, const secret& api_key,
             steady_time read_at, std::uint64_t epoch);

    /// A key found: what is known of it, valid until the cache changes, and how many bytes it has.
    struct hit {
        const cached_key& about;
        std::size_t key_size;
        steady_time good_until; ///< then it is too old
    };
    /// Nothing when it is not there, too old at `now` or expired at `today`. The key, decrypted, is written
    /// to `out`, which the caller wipes; precondition: `out` has room for 4096 bytes. Allocates nothing.
    std::optional<hit> find(const user_id& who, std::string_view provider, steady_time now, wall_time today,
                            std::span<char> out);

    /// Forgets a user's keys, at whatever provider.
    void forget(const user_id& who);
    /// Changes when the user is forgotten (and now and then when another one is).
    std::uint64_t epoch_of(const user_id& who) const noexcept;
    std::size_t size() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace byot::vault
