#pragma once

#include "core/file_descriptor.hpp"
#include "vault/keyring.hpp"

#include <filesystem>

namespace byot::vault {

/// Held from reading a keyring's file to the end of rewriting it and its role files, so that of two who add
/// an entry neither loses the other's. Its file is FILE.lock, which stays: were it removed, two could
/// hold it. Readers need none: a keyring is replaced whole.
class keyring_lock {
public:
    /// Waits for whoever holds it. Throws std::runtime_error with a sentence for the operator when the lock's
    /// file cannot be made.
    explicit keyring_lock(const std::filesystem::path& keyring_file);

private:
    file_descriptor file_;
};

} // namespace byot::vault
