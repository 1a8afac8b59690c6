#pragma once

#include "google/document_update.hpp"
#include "vault/key_store.hpp"

#include <string>

namespace byot::google {

/// What `vault::key_store` can change of a user's document, each with what a lost answer means for it; `name`
/// is the document's.

/// A save is known by its credential id. When that is not there after a lost answer it may have been there
/// and been removed: made again it could bring back what was removed, so it fails instead.
document_update save_update(std::string name, user_id who, vault::key_record record);
/// Whether there was a record. A newer one than it saw is not its to remove.
document_update removal_update(std::string name, std::string provider);
/// Whether the credential was still the stored one.
document_update change_update(std::string name, vault::key_change change);
/// Whether the credential was still stored under that entry. A replacement is known by its signature.
document_update replacement_update(std::string name, vault::key_record record, std::string old_key_id);

} // namespace byot::google
