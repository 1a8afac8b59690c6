#pragma once

#include "core/clock.hpp"
#include "core/secret.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::vault {

/// The X25519 half that boxes are sealed for.
using box_public_key = std::array<unsigned char, 32>;
/// The Ed25519 half that signatures are checked with.
using sign_public_key = std::array<unsigned char, 32>;

/// Whether it can be an entry's id: "key_" + 12 characters of [A-Za-z0-9].
bool is_entry_id(std::string_view id) noexcept;

/// One generation of keys: an X25519 pair that seals (libsodium's sealed boxes) and an Ed25519 pair that
/// signs records. A role file lacks one of the private halves.
struct keyring_entry {
    std::string id; ///< `is_entry_id`
    wall_time created_at;
    box_public_key box_public{};
    secret box_secret; ///< 32 bytes, or empty: cannot open
    sign_public_key sign_public{};
    secret sign_secret;    ///< 64 bytes, or empty: cannot sign
    bool is_active = true; ///< false: retired; still opens, never used for new records
};

/// A new active entry with random keys.
keyring_entry make_entry(wall_time now);

/// The entries of a keyring file, oldest first. Immutable once loaded, so reactors share it.
class keyring {
public:
    /// Sorts them by age. Throws std::logic_error when none is active.
    explicit keyring(std::vector<keyring_entry> entries);

    /// The newest active entry; a keyring always has one.
    const keyring_entry& newest() const noexcept;
    /// Nothing when there is no such entry.
    const keyring_entry* find(std::string_view id) const noexcept;
    /// All of them, oldest first.
    const std::vector<keyring_entry>& entries() const noexcept { return entries_; }
    /// The entries, to make another keyring of.
    std::vector<keyring_entry> release() && { return std::move(entries_); }
    /// Whether every active entry has the half that opens.
    bool can_open() const noexcept;
    /// Whether every active entry has the half that signs.
    bool can_sign() const noexcept;

private:
    std::vector<keyring_entry> entries_;
};

/// The private halves that a process cannot do without, by its role (BYOT_ROLE): role keys signs and must not
/// open, role ai opens and must not sign.
struct keyring_needs {
    bool opens = true;
    bool signs = true;
};

/// What the ring lacks of them, as a sentence's end for the operator; or empty.
std::string lack_of(const keyring& ring, keyring_needs needs);

/// How one ring differs from the one before it, by ids, oldest first.
struct keyring_change {
    std::vector<std::string> added;
    std::vector<std::string> gone;    ///< not in the new ring, or another pair of keys under the same id
    std::vector<std::string> retired; ///< active before
    std::string newest;               ///< of the new ring
    bool is_other = false; ///< differs in something else: an entry active again, another age, other halves

    bool is_none() const noexcept { return added.empty() && gone.empty() && retired.empty() && !is_other; }
};

/// Compares two rings, `before` and the one that takes its place.
keyring_change change_between(const keyring& before, const keyring& after);

} // namespace byot::vault
