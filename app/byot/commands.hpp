#pragma once

#include "api/openapi.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace byot::app {

/// The commands of `byot`. Each prints what it did to standard output, or what is wrong to standard error,
/// never a secret, and gives the process's exit code. `byot --help` and main.cpp say which words lead to
/// which.

/// `byot serve`: until SIGTERM; 0, or 78 with every problem on standard error.
int serve();

struct dev_options {
    std::uint16_t port = 8080;
    std::string data = ".byot";            ///< directory of the keyring and the store; made when missing
    std::optional<std::string> genkit_url; ///< instead of the demo upstream
};
/// `byot dev`: everything embedded, on 127.0.0.1.
int dev(const dev_options& options);

/// `byot check-config`: the effective configuration of this process's environment, masked, and 0; or every
/// problem that would keep `serve` from starting, a line each, and 78 (EX_CONFIG). Makes and changes nothing.
/// That another listener has the port is told, and no problem: the command is run beside the server it is
/// about, too.
int check_config();

/// `byot config-reference`: the table of all variables as Markdown; 0.
int config_reference();

/// `byot keyring new --out OUT`: makes a keyring of one entry; with `split` also the role files OUT.keys and
/// OUT.ai. Replaces nothing. This and the next give 0, or 1 when nothing was changed.
int keyring_new(const std::string& out, bool split);
/// `… --if-missing`: the same, but 0 where all of it is there already and can be read: for whoever starts a
/// machine again and again.
int keyring_new_if_missing(const std::string& out, bool split);
/// `byot keyring add FILE`: adds an active entry to a whole keyring, in the role files beside it too where
/// they exist.
int keyring_add(const std::string& file);
/// `byot keyring list FILE`: id, creation, state and private halves of each entry.
int keyring_list(const std::string& file);
/// `byot keyring retire FILE ID`: retires an entry of a whole keyring, in the role files beside it too; never
/// the last active one.
int keyring_retire(const std::string& file, const std::string& id);
/// `byot keyring remove FILE ID`: takes an entry out of a whole keyring and of the role files beside it, when
/// the store that the environment names (as for `serve`) has nothing that needs it; never the one that new
/// keys are sealed under. May be repeated: 0 for one that it has taken out before. 1 with a sentence for each
/// thing in the way, or when the store did not answer; 78 with every problem of the configuration.
int keyring_remove(const std::string& file, const std::string& id);

/// `byot rewrap`: seals every stored key again under the newest keyring entry, configured as `serve` is, but
/// for what only a server needs. 0 when nothing is left on an old entry; 1 with a sentence on standard error
/// when something is, or when it was ended by a signal or the store; 78 with every problem of the
/// configuration.
int rewrap();

/// `byot openapi [--gateway …]`: the document, or with options for it the gateway's template, on standard
/// output.
int openapi(const std::optional<api::gateway_options>& gateway);

/// `byot health [URL]`: 0 when a GET of it (or of this machine's /health/ready, where PORT and BYOT_BIND have
/// the server) answers 200 within 2 s; else 1, and on standard error what is the matter.
int health(std::optional<std::string> url);

struct smoke_options {
    std::string url;
    std::string ai_url;     ///< of the service of role ai, where it has an address of its own
    std::string token_file; ///< else BYOT_SMOKE_TOKEN
    std::string key_file;   ///< else BYOT_SMOKE_KEY, else a key is made up
    std::string provider = "googleai";
    std::string flow;                     ///< empty: none is asked, but `byot dev`'s own
    std::string data = R"("smoke test")"; ///< JSON, for the flow
    std::string origin;                   ///< of a page; empty: CORS is not tried
    std::string client_address;           ///< this machine's, as the service must see it; empty: not compared
    std::string gateway_key;              ///< x-api-key, where a gateway counts by it
    bool may_replace = false;             ///< a key that the user has stored
    unsigned timeout = 60;                ///< seconds, of each request
    unsigned removal_limit = 60;          ///< seconds until a removed key must be out of use
};
/// `byot smoke URL`: the main job against a deployed service, step by step, and its key removed at the end,
/// whatever comes. 0 when every step went well, else 1, and the step that failed on standard error.
int smoke(const smoke_options& options);

} // namespace byot::app
