#include "config_commands.hpp"

#include "config/configuration.hpp"

#include <fmt/format.h>

#include <sysexits.h>

#include <cstdio>

namespace byot::app {

int check_config() {
    const auto [values, problems] = config::parse(config::process_environment());
    for (const auto& p : problems) fmt::print(stderr, "{}: {}\n", p.variable, p.message);
    if (!problems.empty()) return EX_CONFIG;
    fmt::print("{}", config::describe(values));
    return 0;
}

int config_reference() {
    fmt::print("{}", config::reference());
    return 0;
}

} // namespace byot::app
