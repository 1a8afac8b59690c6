#pragma once

#include "core/clock.hpp"
#include "core/failure.hpp"
#include "core/secret.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::vault {

using box_public_key = std::array<unsigned char, 32>;
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

/// The entries of a keyring file, oldest first. Immutable once loaded, so reactors share it.
class keyring {
public:
    /// Sorts them by age. Throws std::logic_error when none is active.
    explicit keyring(std::vector<keyring_entry> entries);

    /// The newest active entry; a keyring always has one.
    const keyring_entry& newest() const noexcept;
    /// Nothing when there is no such entry.
    const keyring_entry* find(std::string_view id) const noexcept;
    const std::vector<keyring_entry>& entries() const noexcept { return entries_; }
    /// The entries, to make another keyring of.
    std::vector<keyring_entry> release() && { return std::move(entries_); }
    /// Whether every active entry has the half that opens / that signs.
    bool can_open() const noexcept;
    bool can_sign() const noexcept;

private:
    std::vector<keyring_entry> entries_;
};

/// What is wrong with a keyring file, for the operator; never quotes its content.
struct keyring_problem {
    std::string message;
};

[[noreturn]] void throw_exception_from_error(const keyring_problem& problem,
                                             const boost::source_location& where);
using keyring_result = boost::system::result<keyring, keyring_problem>;

/// Reads the text of a keyring file (DESIGN §1.6): known version, no unknown or repeated member, each id
/// once, key lengths, each public half recomputed from its private half, the same private halves in each
/// entry and at least one, at least one active entry.
keyring_result parse_keyring(std::string_view text);
/// Where a keyring file lies, and so who may own and read it.
enum class keyring_place : std::uint8_t {
    disk,   ///< mode 0600 or 0400
    volume, ///< of a secret, in a container (K_SERVICE): root's with mode 0444 or 0440 as well; its owner
            ///< must be root or this process's user
};
/// What is wrong with a keyring file's owner and mode, for the operator; nothing when it may be taken. `own`
/// is this process's user.
std::optional<std::string_view> why_unfit(unsigned mode, unsigned owner, unsigned own, keyring_place place);
/// The same as `parse_keyring` from a regular file that is fit for its place; a symbolic link to one will do,
/// for mounted secrets are links. The problem begins with the file's name.
keyring_result load_keyring(const std::filesystem::path& file, keyring_place place = keyring_place::disk);

enum class keyring_part { whole, keys_role, ai_role };

/// A new active entry.
keyring_entry make_entry(wall_time now);
/// The file's text, for a role without that role's forbidden half. Holds private keys.
secret serialize_keyring(const keyring& ring, keyring_part part);
/// Writes it to `file` with mode 0600: to a new file beside it, synced, then renamed over it, so that no
/// crash leaves half a keyring. `may_replace` false: an existing file is a problem; true: one that is not a
/// regular file is.
std::optional<keyring_problem> write_keyring(const std::filesystem::path& file, const secret& text,
                                             bool may_replace);

} // namespace byot::vault
