#pragma once

#include <string>

namespace byot::app {

/// The commands of `byot keyring`. Each prints what it did to standard output, or what is wrong to standard
/// error, never a private key, and gives the process's exit code: 0, or 1 when nothing was changed.

/// Makes a keyring of one entry; with `split` also the role files OUT.keys and OUT.ai. Replaces nothing.
int keyring_new(const std::string& out, bool split);
/// Adds an active entry to a whole keyring, in the role files beside it too where they exist.
int keyring_add(const std::string& file);
/// Prints id, creation, state and private halves of each entry.
int keyring_list(const std::string& file);
/// Retires an entry of a whole keyring, in the role files beside it too; never the last active one.
int keyring_retire(const std::string& file, const std::string& id);

} // namespace byot::app
