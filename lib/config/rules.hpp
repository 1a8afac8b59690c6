#pragma once

#include "config/configuration.hpp"

#include <string_view>
#include <vector>

namespace byot::config {

/// Fills in the defaults that depend on other variables or on the machine.
void settle_defaults(const environment& variables, configuration& values);

/// What is wrong between variables that are each fine: what is refused beside others.
std::vector<problem> check_together(const configuration& values);

/// Every BYOT_* variable that nobody reads, with the nearest name that somebody does.
std::vector<problem> find_unknown(const environment& variables);

/// The variable of the table whose name takes the fewest edits.
std::string_view nearest_name(std::string_view unknown);

} // namespace byot::config
