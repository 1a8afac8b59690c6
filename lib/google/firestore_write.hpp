#pragma once

#include "google/firestore_value.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace byot::google {

/// A field path of plain names in Firestore's notation: names that are no simple identifiers
/// ([A-Za-z_][A-Za-z0-9_]*) stand in backticks, with ` and \ escaped. Throws std::invalid_argument where
/// there is no name, or an empty one.
std::string field_path(std::span<const std::string_view> names);

/// On what a write depends.
struct precondition {
    enum class kind { none, exists, missing, unchanged_since };
    kind what = kind::none;
    std::string update_time; ///< only with `unchanged_since`
};

/// Added by the server to what the field holds when the write is made, 0 where there is no number.
struct field_increment {
    std::string path; ///< see `field_path`
    std::int64_t by = 0;
};

/// One write of a commit.
struct firestore_write {
    std::string name; ///< the document's full name
    bool deletes = false;
    firestore_fields fields;
    /// Paths that are written, or removed where `fields` has nothing there; nothing: the whole document is
    /// replaced.
    std::optional<std::vector<std::string>> mask;
    precondition needs;
    std::vector<field_increment> increments;
};

/// The body of documents:commit. With increments, but neither fields nor a mask, an empty mask is sent, or
/// the increment would wipe the document's fields. Throws std::invalid_argument for a write that contradicts
/// itself (a deletion with fields, a name that is no document's, an update time that is none) and for what
/// `append_value` throws at.
std::string commit_body(std::span<const firestore_write> writes);
/// The body of documents:batchGet. Throws std::invalid_argument for a name that is no document's.
std::string batch_get_body(std::span<const std::string> names);

/// Documents of one collection at the root, in the order of their names, after one of them.
struct page_query {
    std::string collection;
    std::string after;       ///< full name of a document (it need not exist); empty: from the first
    std::size_t limit = 100; ///< 1 to 2,147,483,647
};
/// The body of documents:runQuery. Throws std::invalid_argument for what is no collection's or document's
/// name, and for a limit out of range.
std::string run_query_body(const page_query& query);

} // namespace byot::google
