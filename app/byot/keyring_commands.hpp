#pragma once

#include <functional>
#include <string>
#include <vector>

namespace byot::app {

/// The commands of `byot keyring`. Each prints what it did to standard output, or what is wrong to standard
/// error, never a private key, and gives the process's exit code: 0, or 1 when nothing was changed.

/// Makes a keyring of one entry; with `split` also the role files OUT.keys and OUT.ai. Replaces nothing.
int keyring_new(const std::string& out, bool split);
/// The same, but 0 where all of it is there already and can be read: for whoever starts a machine again and
/// again.
int keyring_new_if_missing(const std::string& out, bool split);
/// Adds an active entry to a whole keyring, in the role files beside it too where they exist.
int keyring_add(const std::string& file);
/// Prints id, creation, state and private halves of each entry.
int keyring_list(const std::string& file);
/// Retires an entry of a whole keyring, in the role files beside it too; never the last active one.
int keyring_retire(const std::string& file, const std::string& id);

/// What the store says of an entry that is to be taken out.
struct gate_answer {
    std::vector<std::string> complaints; ///< what is in the way, a sentence each; none: nothing is
    bool is_closed = false;              ///< no key can be saved under the entry any more
};
/// Asks the store; `may_close` makes sure, when nothing needs the entry, that nothing will.
using entry_gate = std::function<gate_answer(const std::string& id, bool may_close)>;

/// Takes an entry out of a whole keyring, and of the role files beside it, when `gate` says that nothing
/// needs it; never the one that new keys are sealed under. May be repeated: 0 for one that it has taken out
/// before.
int keyring_remove(const std::string& file, const std::string& id, const entry_gate& gate);

} // namespace byot::app
