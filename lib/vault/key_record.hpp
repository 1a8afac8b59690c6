#pragma once

#include "core/clock.hpp"
#include "core/failure.hpp"
#include "core/secret.hpp"
#include "core/user_id.hpp"
#include "vault/keyring.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace byot::vault {

enum class key_state : std::uint8_t { unverified, verified, rejected, exhausted, expired, undecryptable };

std::string_view name_of(key_state state) noexcept;
std::optional<key_state> parse_key_state(std::string_view name) noexcept;

/// One stored key of one user at one provider, as it lies at rest (README.md of this room). Holds no
/// plaintext.
struct key_record {
    std::string provider;
    std::string credential_id; ///< "cred_" + 16 characters; new at each save, kept by rewrap
    std::string key_id;        ///< the keyring entry that sealed and signed it
    std::string sealed;        ///< sealed box over the payload, raw bytes
    std::string signature;     ///< Ed25519, 64 raw bytes
    std::string hint;          ///< last 4 characters, or empty
    key_state state = key_state::unverified;
    wall_time created_at; ///< of the credential
    wall_time updated_at; ///< of the record
    std::optional<wall_time> last_used_at;
    std::optional<wall_time> last_checked_at;
    std::optional<wall_time> expires_at;
    std::string version; ///< the store's mark of what was read, for a change of just that; or empty
};

/// The state to show: `expired` once `expires_at` has passed.
key_state state_at(const key_record& record, wall_time now) noexcept;

/// What the signature is over: (user, provider, credential_id, key_id, sealed, created_at, expires_at), each
/// field preceded by its length as 8 bytes big-endian behind the domain "byot-record-v1"; times as
/// milliseconds in decimal, none as empty; the user as `user_id::canonical`.
std::string signed_text(const user_id& who, const key_record& record);

/// Signs the record as the entry's; sets `key_id` and `signature`. Precondition: the entry can sign.
void sign(const keyring_entry& entry, const user_id& who, key_record& record);
/// Whether the record was signed for that user by the keyring's entry of its `key_id`.
bool is_authentic(const keyring& ring, const user_id& who, const key_record& record);

/// The payload (README.md of this room), sealed for the entry. `api_key` is as given; nothing of it is left
/// in ordinary memory.
std::string seal_key(const keyring_entry& entry, const user_id& who, std::string_view provider,
                     const secret& api_key);
/// Opens a sealed payload and checks that it is version 1, of that user, provider and entry; gives its key
/// without the blanks at its ends. Failures: `key_undecryptable`, for whatever reason; `key_required` when it
/// opens and holds no possible key, with the sentence of `fault_of_key`.
result<secret> open_sealed(const keyring_entry& entry, const user_id& who, std::string_view provider,
                           std::string_view sealed);
/// `is_authentic`, then `open_sealed`, with its failures; `key_undecryptable` when it is not authentic.
result<secret> open_record(const keyring& ring, const user_id& who, const key_record& record);

/// The text without what nobody sees at its ends and a clipboard adds: white space of ASCII and Unicode,
/// zero-width characters, byte order and direction marks.
std::string_view without_blanks(std::string_view text) noexcept;
/// Whether the text can be a key: 1 to 4096 visible ASCII characters (it travels in a header field).
bool is_possible_key(std::string_view text) noexcept;
/// Why it cannot, as a sentence that quotes nothing of it; empty for one that can.
std::string_view fault_of_key(std::string_view text) noexcept;
/// The last four characters, or empty for a key under 12.
std::string hint_of(const secret& api_key);

} // namespace byot::vault
