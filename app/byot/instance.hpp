#pragma once

#include "api/application.hpp"
#include "config/configuration.hpp"
#include "vault/keyring.hpp"

#include <memory>
#include <string>
#include <vector>

namespace byot::auth {
class development_issuer;
}

namespace byot::app {

/// What `byot dev` has beside what the environment says.
struct development_parts {
    const auth::development_issuer* issuer = nullptr;
    bool has_demo_upstream = false; ///< instead of BYOT_GENKIT_URL
};

/// A whole server in one process: every reactor with its parts, from the configuration to the end of the
/// drain.
class instance {
public:
    /// Opens the keyring and the store, binds the port. Throws std::runtime_error with a sentence for the
    /// operator when that fails.
    explicit instance(config::configuration values, development_parts development = {});
    ~instance();
    instance(const instance&) = delete;
    instance& operator=(const instance&) = delete;

    /// "http://ADDRESS:PORT".
    std::string address() const;
    /// Serves until SIGTERM or SIGINT and the drain after it; a second signal ends the process at once,
    /// and what is open by a reset.
    void run();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace byot::app
