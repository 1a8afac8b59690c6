#pragma once

#include "config/variables.hpp"

#include <string_view>
#include <vector>

namespace byot::config {

/// A Google Cloud project id, domain-scoped ones included ("example.com:shop"). It becomes part of paths.
complaint check_project_id(std::string_view text);
/// A Firestore database id: "(default)", or 4 to 63 characters of a-z, 0-9 and '-' that begin with a letter
/// and end with none of '-'.
complaint check_database_id(std::string_view text);
/// A provider that this service knows, by its name.
complaint check_provider_name(std::string_view text);
/// The path of a file as this program opens it: no shell reads it before.
complaint check_path(std::string_view text);
/// Text without white space, such as an audience.
complaint check_word(std::string_view text);

/// The items of a comma list, without spaces around them; an empty item stays, for the caller to refuse.
std::vector<std::string_view> split_list(std::string_view text);

/// Reads `sqlite:PATH`, `firestore:PROJECT` or `firestore:PROJECT/DATABASE`.
complaint read_store(std::string_view text, configuration& into);
std::string print_store(const configuration& from);

/// Reads a list of exact origins; the complaint says which item is wrong.
complaint read_origins(std::string_view text, configuration& into);
std::string print_origins(const configuration& from);

/// Reads a list of provider names, none twice.
complaint read_providers(std::string_view text, configuration& into);
std::string print_providers(const configuration& from);

} // namespace byot::config
