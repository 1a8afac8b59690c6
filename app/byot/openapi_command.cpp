#include "api/openapi.hpp"
#include "commands.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace byot::app {

int openapi(bool is_gateway_template) {
    api::openapi_options options;
    options.providers = {"googleai", "openai", "anthropic"};
    options.version = program_version;
    options.is_gateway_template = is_gateway_template;
    fmt::print("{}\n", api::openapi_document(options));
    return 0;
}

} // namespace byot::app
