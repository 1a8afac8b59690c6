#include "config/names.hpp"

#include "config/addresses.hpp"
#include "core/provider_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

std::string_view trim(std::string_view text) {
    const auto first = std::min(text.find_first_not_of(' '), text.size());
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// The items, when `check` accepts each; else the first complaint, by the item's place.
complaint read_list(std::string_view text, complaint (*check)(std::string_view),
                    std::vector<std::string>& into) {
    std::vector<std::string> items;
    for (const auto item : split_list(text)) {
        const auto place = items.size() + 1;
        if (item.empty()) return fmt::format("item {}: is empty", place);
        if (const auto wrong = check(item)) return fmt::format("item {}: {}", place, *wrong);
        if (std::find(items.begin(), items.end(), item) != items.end())
            return fmt::format("item {}: is there twice", place);
        items.emplace_back(item);
    }
    into = std::move(items);
    return {};
}

constexpr std::string_view sqlite_prefix = "sqlite:";
constexpr std::string_view firestore_prefix = "firestore:";
constexpr std::string_view default_database = "(default)";

complaint read_sqlite(std::string_view path, configuration& into) {
    if (path.empty()) return "must have a path after sqlite:";
    if (path.starts_with("//")) return "must be sqlite: and a path, without //";
    if (path.starts_with(':'))
        return "must name a file after sqlite:; keys in memory would be lost at the end";
    if (auto wrong = check_path(path)) return wrong;
    into.sqlite = sqlite_location{std::string(path)};
    return {};
}

complaint read_firestore(std::string_view name, configuration& into) {
    const auto slash = name.find('/');
    const auto project = name.substr(0, slash);
    const auto database = slash == std::string_view::npos ? default_database : name.substr(slash + 1);
    if (auto wrong = check_project_id(project)) return wrong;
    if (auto wrong = check_database_id(database)) return wrong;
    into.firestore = firestore_location{std::string(project), std::string(database)};
    return {};
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
    if (text.starts_with('~')) return "must be a path; no shell is there to make one of ~";
    if (text.starts_with('$')) return "must be a path; no shell is there to make one of $";
    if (text.starts_with("file:")) return "must be a path, without file:";
    return {};
}

complaint check_word(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; })) return {};
    return "must be visible ASCII without spaces";
}

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> items;
    while (true) {
        const auto comma = text.find(',');
        items.push_back(trim(text.substr(0, comma)));
        if (comma == std::string_view::npos) return items;
        text.remove_prefix(comma + 1);
    }
}

complaint read_origins(std::string_view text, configuration& into) {
    return read_list(text, check_origin, into.allowed_origins);
}

std::string print_origins(const configuration& from) {
    return fmt::format("{}", fmt::join(from.allowed_origins, ","));
}

complaint read_providers(std::string_view text, configuration& into) {
    return read_list(text, check_provider_name, into.providers);
}

std::string print_providers(const configuration& from) {
    return fmt::format("{}", fmt::join(from.providers, ","));
}

complaint read_store(std::string_view text, configuration& into) {
    if (text.starts_with(sqlite_prefix)) return read_sqlite(text.substr(sqlite_prefix.size()), into);
    if (text.starts_with(firestore_prefix)) return read_firestore(text.substr(firestore_prefix.size()), into);
    return "must be sqlite:PATH, firestore:PROJECT or firestore:PROJECT/DATABASE";
}

std::string print_store(const configuration& from) {
    if (from.sqlite) return fmt::format("{}{}", sqlite_prefix, from.sqlite->path);
    if (!from.firestore) return {};
    const auto& [project, database] = *from.firestore;
    return database == default_database ? fmt::format("{}{}", firestore_prefix, project)
                                        : fmt::format("{}{}/{}", firestore_prefix, project, database);
}

} // namespace byot::config
