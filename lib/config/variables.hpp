#pragma once

#include "config/configuration.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace byot::config {

/// What is wrong with a value, for the operator, never quoting it; nothing when it is fine.
using complaint = std::optional<std::string>;

/// What an unset variable stands for.
struct default_value {
    std::string_view text;  ///< read as if it had been given; empty: the field keeps its initial value
    std::string_view shown; ///< in the reference
    bool is_missing = false;
};

/// One row of the table that parses, prints and documents the environment.
struct variable {
    std::string_view name;
    default_value fallback;
    std::string_view meaning; ///< for the reference
    complaint (*read)(std::string_view text, configuration& into);
    std::string (*print)(const configuration& from); ///< masked where it may hold a secret
};

/// Every variable that is read, the standard names first.
std::span<const variable> variable_table() noexcept;

/// Whether the variable has a value; an empty one counts as unset.
bool is_set(const environment& variables, std::string_view name);

} // namespace byot::config
