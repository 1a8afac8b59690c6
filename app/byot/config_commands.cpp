#include "commands.hpp"
#include "config/configuration.hpp"
#include "start_checks.hpp"
#include "start_warnings.hpp"

#include <fmt/format.h>

#include <sysexits.h>

#include <cstdio>

namespace byot::app {

int check_config() {
    const auto environment = config::parse(config::process_environment());
    const auto found = look_before_start(environment);
    print(found.wrong);
    print(found.taken);
    if (!found.wrong.empty()) return EX_CONFIG;
    print(warnings_of_start(environment.values));
    fmt::print("{}", config::describe(environment.values));
    return 0;
}

int config_reference() {
    fmt::print("{}", config::reference());
    return 0;
}

} // namespace byot::app
