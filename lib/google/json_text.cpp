#include "google/json_text.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"

#include <stdexcept>

namespace byot::google {

void append_text(std::string& out, std::string_view text) {
    if (!is_utf8(text)) throw std::invalid_argument("a text for Firestore is no UTF-8");
    append_json_string(out, text);
}

} // namespace byot::google
