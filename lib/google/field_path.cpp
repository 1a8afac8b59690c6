#include "google/firestore_write.hpp"

#include <algorithm>
#include <stdexcept>

namespace byot::google {
namespace {

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_simple(std::string_view name) noexcept {
    return is_letter(name.front()) &&
           std::ranges::all_of(name, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::string in_backquotes(std::string_view name) {
    std::string text = "`";
    for (const char c : name) {
        if (c == '`' || c == '\\') text += '\\';
        text += c;
    }
    return text + '`';
}

} // namespace

std::string field_path(std::span<const std::string_view> names) {
    if (names.empty()) throw std::invalid_argument("a field path of no names");
    std::string path;
    for (const auto name : names) {
        if (name.empty()) throw std::invalid_argument("a field without a name");
        if (!path.empty()) path += '.';
        path += is_simple(name) ? std::string(name) : in_backquotes(name);
    }
    return path;
}

} // namespace byot::google
