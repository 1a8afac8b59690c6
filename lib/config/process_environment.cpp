#include "config/configuration.hpp"

#include <unistd.h>

namespace byot::config {

environment process_environment() {
    environment variables;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        variables.emplace(text.substr(0, equals),
                          text.substr(equals + 1)); // the first one counts, as for getenv
    }
    return variables;
}

} // namespace byot::config
