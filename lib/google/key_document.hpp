#pragma once

#include "core/user_id.hpp"
#include "google/firestore_document.hpp"
#include "google/firestore_write.hpp"
#include "vault/key_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byot::google {

/// A user's document: map `keys.{provider}` of a record's fields (`sealed`, `keyId`, `credentialId`,
/// `signature`, `hint`, `state`, `createdAt`, `updatedAt`, `lastUsedAt`, `lastCheckedAt`, `expiresAt`); where
/// its name is a hash, also the string `uid`, and `tenant` for a user of one, which the hash does not tell.

/// Two fields tell how to read the rest. `version`, an integer, is the layout's: none is 1, the only one so
/// far and never written; a field that is added changes no version, and is kept by every write of what does
/// not know it. `removedAt`, a timestamp, is the tombstone of a user who was removed.

/// The collection of all users' documents.
constexpr std::string_view users_collection = "byotUsers";

/// The id of a user's document: the uid; for a user of a tenant, or a uid that is no document id or begins
/// with '~', '~' and the base64url of the BLAKE2b-256 of `user_id::canonical`. Two users never share one.
std::string document_id(const user_id& who);

/// Whose document it is; nothing when neither its name nor its fields say.
std::optional<user_id> owner_of(const firestore_document& document);

/// Whether this program knows the document's layout. One that it does not know was written by a later version
/// of it. That is neither read nor written: a guess could show a user no key where there is one, and a write
/// could spoil what the later version reads.
bool is_of_known_version(const firestore_document& document);

/// When the user was removed, if ever.
std::optional<wall_time> removed_at(const firestore_document& document);

/// The records of a document, each with the mark of the document's state. One with a field missing or of
/// another kind than this service writes cannot be trusted: it comes without signature and as
/// `undecryptable`, so that its user sees it and can replace or remove it. Fields beyond those are passed
/// over: a next version adds them. Nothing when `keys` is no map, or the layout is not known.
std::optional<std::vector<vault::key_record>> read_records(const firestore_document& document);
/// That provider's alone.
std::optional<vault::key_record> find_record(const std::optional<firestore_document>& document,
                                             std::string_view provider);

// Writes of one user's document, without a precondition. `name` is the document's.

firestore_write save_write(std::string name, const user_id& who, const vault::key_record& record);
firestore_write remove_write(std::string name, std::string_view provider);
/// Nothing but a tombstone in place of all that is there.
firestore_write user_removal_write(std::string name, wall_time at);
/// What the change names.
firestore_write change_write(std::string name, const vault::key_change& change);
/// What a rewrap makes anew: key id, box, signature, update time.
firestore_write replace_write(std::string name, const vault::key_record& record);

/// What stands for a record that cannot be read: no signature verifies it.
vault::key_record untrusted_record(const std::string& provider, firestore_timestamp created);

} // namespace byot::google
