#pragma once

#include <string>
#include <string_view>

namespace byot::app {

/// Of the project, and the commit it was built from ("unknown" outside a checkout).
extern const std::string_view program_version;
extern const std::string_view program_commit;

/// What `byot version` prints: version, commit, compiler, libraries.
std::string version_text();

} // namespace byot::app
