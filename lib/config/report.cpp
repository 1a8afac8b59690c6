#include "config/configuration.hpp"
#include "config/variable.hpp"

#include <fmt/format.h>

#include <iterator>

namespace byot::config {

std::string describe(const configuration& values) {
    std::string text;
    for (const auto& row : variable_table())
        fmt::format_to(std::back_inserter(text), "{}={}\n", row.name, row.print(values));
    return text;
}

std::string reference() {
    std::string text = "| Variable | Default | Meaning |\n|---|---|---|\n";
    for (const auto& row : variable_table())
        fmt::format_to(std::back_inserter(text), "| {} | {} | {} |\n", row.name, row.fallback.shown,
                       row.meaning);
    return text;
}

} // namespace byot::config
