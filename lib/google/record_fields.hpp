#pragma once

// A key record as Firestore's fields; private to this room.

#include "google/firestore_value.hpp"
#include "vault/key_store.hpp"

#include <optional>
#include <string>

namespace byot::google {

/// Every field of the record that it has (DESIGN §1.6).
firestore_fields record_fields(const vault::key_record& record);
/// The fields that the change names.
firestore_fields changed_fields(const vault::key_change& change);
/// The fields that a rewrap makes anew.
firestore_fields resealed_fields(const vault::key_record& record);

/// The record again; nothing unless it is a map of exactly these fields, each of its kind.
std::optional<vault::key_record> read_record(const std::string& provider, const firestore_value& value);
/// What stands for a record that cannot be read: no signature verifies it.
vault::key_record untrusted_record(const std::string& provider, firestore_timestamp created);

} // namespace byot::google
