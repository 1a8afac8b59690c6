#include "api/openapi.hpp"
#include "commands.hpp"
#include "core/provider_table.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace byot::app {

int openapi(const std::optional<api::gateway_options>& gateway) {
    api::openapi_options options;
    for (const auto& each : provider_table) {
        if (each.is_usual) options.providers.emplace_back(each.name);
    }
    options.version = program_version;
    options.gateway = gateway;
    fmt::print("{}\n", api::openapi_document(options));
    return 0;
}

} // namespace byot::app
