#pragma once

// What Firestore holds of the keyring's entries and of who seals for them; private to this room.

#include "google/firestore_client.hpp"
#include "vault/key_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byot::google {

/// An entry that is closed has a document "KEYID_NN" for each part. A commit that puts a record under an
/// entry depends on one of them not being there, so that it and the closing cannot both be made. Which one is
/// the user's: so that many saves at once do not all wait for one document's lock.
constexpr std::string_view entries_collection = "byotEntries";
constexpr unsigned entry_parts = 256;

/// "projects/…/documents/byotEntries/KEYID_NN" of the part that a user's records depend on.
std::string barrier_name(const firestore_client& client, std::string_view key_id, const user_id& who);
/// Writes every part's document, all at once.
std::vector<firestore_write> closing_writes(const firestore_client& client, std::string_view key_id,
                                            wall_time now);
/// The document that tells whether the entry is closed.
std::string closing_name(const firestore_client& client, std::string_view key_id);

/// The collection of instances that save, a document each.
constexpr std::string_view savers_collection = "byotInstances";
firestore_write saver_write(const firestore_client& client, const vault::saver& who);
firestore_write saver_removal(const firestore_client& client, std::string_view id);
/// Nothing when it is none that this service wrote.
std::optional<vault::saver> read_saver(const firestore_document& document);

} // namespace byot::google
