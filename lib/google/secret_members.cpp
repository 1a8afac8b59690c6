#include "google/secret_members.hpp"

#include <algorithm>

namespace byot::google {
namespace {

using kind = json_token::kind;

bool opens(kind what) noexcept {
    return what == kind::object_begin || what == kind::array_begin;
}
bool closes(kind what) noexcept {
    return what == kind::object_end || what == kind::array_end;
}

} // namespace

std::optional<secret_members> secret_members::read(std::string_view text) {
    auto json = read_secret_json(text);
    if (!json) return std::nullopt;
    secret_members members(std::move(*json));
    if (!members.gather()) return std::nullopt;
    return members;
}

bool secret_members::gather() {
    if (json_.tokens.front().what != kind::object_begin) return false;
    int depth = 0;
    for (std::size_t i = 0; i < json_.tokens.size(); ++i) {
        const auto& token = json_.tokens[i];
        if (opens(token.what)) ++depth;
        if (closes(token.what)) --depth;
        if (depth != 1 || token.what != kind::name) continue;
        if (value_of(token.text)) return false;
        names_.push_back(i);
    }
    return true;
}

const json_token* secret_members::value_of(std::string_view name) const {
    const auto is_name = [&](std::size_t i) { return json_.tokens[i].text == name; };
    const auto found = std::find_if(names_.begin(), names_.end(), is_name);
    return found == names_.end() ? nullptr : &json_.tokens[*found + 1];
}

std::optional<std::string_view> secret_members::text(std::string_view name) const {
    const auto* const value = value_of(name);
    if (!value || value->what != kind::string) return std::nullopt;
    return value->text;
}

std::optional<std::int64_t> secret_members::number(std::string_view name) const {
    const auto* const value = value_of(name);
    if (!value || value->what != kind::integer) return std::nullopt;
    return value->number;
}

} // namespace byot::google
