#pragma once

#include "core/user_id.hpp"

#include <string>
#include <string_view>

namespace byot::google {

/// Whether Firestore takes the text as a document's id: UTF-8 of 1 to 1500 bytes without '/', neither "." nor
/// "..", not of the form "__…__" (https://firebase.google.com/docs/firestore/quotas). Control characters are
/// left out too: they are taken, and then stand in names, logs and the console.
bool is_document_id(std::string_view text) noexcept;

/// The id of a user's document: the uid; for a user of a tenant, or a uid that is no document id or begins
/// with '~', '~' and the base64url of the BLAKE2b-256 of `user_id::canonical`. Two users never share one.
std::string document_id(const user_id& who);

} // namespace byot::google
