#pragma once

#include "google/firestore_value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byot::google {

/// Whether Firestore takes the text as a document's id: UTF-8 of 1 to 1500 bytes without '/', neither "." nor
/// "..", not of the form "__…__" (https://firebase.google.com/docs/firestore/quotas). Control characters are
/// left out too: they are taken, and then stand in names, logs and the console.
bool is_document_id(std::string_view text) noexcept;

/// Whether the text has the form of a document's full name,
/// "projects/P/databases/D/documents/COLLECTION/ID" and any number of "/COLLECTION/ID" behind it.
bool is_document_name(std::string_view text) noexcept;

/// A document as it was read.
struct firestore_document {
    std::string name; ///< "projects/P/databases/D/documents/…"
    firestore_fields fields;
    firestore_timestamp created;
    std::string update_time; ///< as given (RFC 3339): the version, for a precondition
};

// Each reads the whole body of a 200 answer; nothing when it is not what Firestore documents: malformed
// values and documents are errors, never guesses.

/// documents.get and documents.patch.
std::optional<firestore_document> parse_firestore_document(std::string_view json);
/// documents:batchGet: in the order of the answer, a missing document as its name without `update_time`.
std::optional<std::vector<firestore_document>> parse_batch_get(std::string_view json);
/// documents:runQuery: the documents of the answer.
std::optional<std::vector<firestore_document>> parse_run_query(std::string_view json);
/// documents:commit: the update time of each write, in their order (empty when nothing changed there).
std::optional<std::vector<std::string>> parse_commit(std::string_view json);

} // namespace byot::google
