#include "config/names.hpp"

#include "core/provider_table.hpp"

#include <algorithm>

namespace byot::config {
namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view word_characters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view project_characters = "abcdefghijklmnopqrstuvwxyz0123456789-.:";

bool consists_of(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool begins_with_letter(std::string_view text) {
    return !text.empty() && letters.find(text.front()) != std::string_view::npos;
}

} // namespace

complaint check_project_id(std::string_view text) {
    if (consists_of(text, "0123456789") && !text.empty())
        return "must be a project id, not a project's number (`gcloud projects list` names both)";
    if (text.size() <= 63 && begins_with_letter(text) && consists_of(text, project_characters)) return {};
    return "must be a project id: up to 63 characters of a-z, 0-9 and '-', the first a letter";
}

complaint check_database_id(std::string_view text) {
    if (text == "(default)") return {};
    const auto has_length = text.size() >= 4 && text.size() <= 63;
    if (has_length && begins_with_letter(text) && consists_of(text, word_characters) && text.back() != '-')
        return {};
    return "must name a database by (default) or 4 to 63 characters of a-z, 0-9 and '-', the first a letter";
}

complaint check_provider_name(std::string_view text) {
    if (find_provider(text)) return {};
    std::string names;
    for (const auto& each : provider_table) names.append(names.empty() ? "" : ", ").append(each.name);
    return "must be one of: " + names;
}

complaint check_path(std::string_view text) {
    if (text.starts_with("~")) return "must be a path; no shell is there to make one of ~";
    if (text.starts_with("$")) return "must be a path; no shell is there to make one of $";
    if (text.starts_with("file:")) return "must be a path, without file:";
    return {};
}

complaint check_word(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; })) return {};
    return "must be visible ASCII without spaces";
}

} // namespace byot::config
