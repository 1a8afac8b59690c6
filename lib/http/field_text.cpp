#include "http/field_text.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <stdexcept>

namespace byot::http {

bool is_token(std::string_view text) noexcept {
    return !text.empty() && token_length(text) == text.size();
}

bool is_field_value(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(), [](char c) { return !is_field_text(c) || c == '\t'; });
}

// The messages name no value: it may be a key.
void check_field(std::string_view name, std::string_view value) {
    if (!is_token(name)) throw std::logic_error("a field's name is no token");
    if (!is_field_value(value))
        throw std::logic_error("a control character in the value of " + std::string(name));
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    check_field(name, value);
    head.append(name).append(": ").append(value).append("\r\n");
}

} // namespace byot::http
