#include "commands.hpp"

#include "instance.hpp"
#include "start_checks.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <cstdio>
#include <exception>

namespace byot::app {

int serve() {
    auto environment = config::parse(config::process_environment());
    const auto found = look_before_start(environment);
    print(found.wrong);
    print(found.taken);
    if (!found.wrong.empty()) return EX_CONFIG;
    if (!found.taken.empty()) return EX_UNAVAILABLE;
    try {
        instance server(std::move(environment.values));
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
