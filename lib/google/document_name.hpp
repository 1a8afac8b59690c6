#pragma once

#include <string_view>

namespace byot::google {

/// Whether the text has the form of a document's full name,
/// "projects/P/databases/D/documents/COLLECTION/ID" and any number of "/COLLECTION/ID" behind it.
bool is_document_name(std::string_view text) noexcept;

} // namespace byot::google
