#include "config/names.hpp"

#include <fmt/format.h>

namespace byot::config {
namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";
constexpr std::string_view firestore_prefix = "firestore:";
constexpr std::string_view default_database = "(default)";

complaint read_sqlite(std::string_view path, configuration& into) {
    if (path.empty()) return "must have a path after sqlite:";
    if (path.starts_with("//")) return "must be sqlite: and a path, without //";
    if (path.starts_with(":"))
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
