#include "commands.hpp"

#include "instance.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <cstdio>
#include <exception>

namespace byot::app {

int serve() {
    auto [values, problems] = config::parse(config::process_environment());
    if (problems.empty()) problems = check_files(values);
    for (const auto& problem : problems) fmt::print(stderr, "{}: {}\n", problem.variable, problem.message);
    if (!problems.empty()) return EX_CONFIG;
    try {
        instance server(std::move(values));
        fmt::print("byot listening on {}\n", server.address());
        std::fflush(stdout);
        server.run();
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "byot: {}\n", error.what());
        return EX_UNAVAILABLE;
    }
}

} // namespace byot::app
