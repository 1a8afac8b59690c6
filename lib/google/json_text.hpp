#pragma once

#include <string>
#include <string_view>

namespace byot::google {

/// Appends `text` as a JSON string. Throws std::invalid_argument when it is no UTF-8: Firestore would keep
/// something else than what was meant.
void append_text(std::string& out, std::string_view text);

/// Appends a JSON array of the items, each appended by `append_item(item)`.
template <class Items, class Append>
void append_list(std::string& out, const Items& items, Append append_item) {
    out += '[';
    bool is_first = true;
    for (const auto& item : items) {
        if (!is_first) out += ',';
        is_first = false;
        append_item(item);
    }
    out += ']';
}

} // namespace byot::google
