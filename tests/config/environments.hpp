#pragma once

#include "config/configuration.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::config::test {

/// The least that is a whole configuration, with `more` on top; a variable set to "" is taken away.
inline environment with(const std::vector<std::pair<std::string, std::string>>& more) {
    environment variables{{"BYOT_STORE", "sqlite:/var/lib/byot.db"},
                          {"BYOT_KEYRING", "/etc/byot/keyring.json"},
                          {"BYOT_GENKIT_URL", "http://127.0.0.1:3400"},
                          {"GOOGLE_CLOUD_PROJECT", "demo-project"}};
    for (const auto& [name, value] : more) variables.insert_or_assign(name, value);
    return variables;
}

/// The problems, a line each, as the operator sees them.
inline std::string problems_of(const environment& variables) {
    std::string text;
    for (const auto& p : parse(variables).problems) text += p.variable + ": " + p.message + "\n";
    return text;
}

/// What is wrong with this one value in an environment where all else is right: empty, or one line.
inline std::string problem_with(const std::string& name, const std::string& value) {
    return problems_of(with({{name, value}}));
}

/// The configuration of an environment without problems.
inline configuration values_of(const std::vector<std::pair<std::string, std::string>>& more) {
    return parse(with(more)).values;
}

inline bool has_line(std::string_view text, std::string_view line) {
    return ("\n" + std::string(text)).find("\n" + std::string(line) + "\n") != std::string::npos;
}

} // namespace byot::config::test
