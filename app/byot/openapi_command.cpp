#include "api/openapi.hpp"
#include "commands.hpp"
#include "core/provider_table.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace byot::app {

int openapi(bool is_gateway_template) {
    api::openapi_options options;
    for (const auto& each : provider_table) {
        if (each.is_usual) options.providers.emplace_back(each.name);
    }
    options.version = program_version;
    options.is_gateway_template = is_gateway_template;
    fmt::print("{}\n", api::openapi_document(options));
    return 0;
}

} // namespace byot::app
