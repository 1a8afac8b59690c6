#pragma once

#include "core/file_descriptor.hpp"
#include "core/secret.hpp"
#include "vault/keyring_format.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace byot::vault {

/// Where a keyring file lies, and so who may own and read it.
enum class keyring_place : std::uint8_t {
    disk,   ///< mode 0600 or 0400
    volume, ///< of a secret, in a container (K_SERVICE): root's with mode 0444 or 0440 as well; its owner
            ///< must be root or this process's user
};
/// What is wrong with a keyring file's owner and mode, for the operator; nothing when it may be taken. `own`
/// is this process's user.
std::optional<std::string_view> why_unfit(unsigned mode, unsigned owner, unsigned own, keyring_place place);

/// `parse_keyring` from a regular file that is fit for its place; a symbolic link to one will do, for mounted
/// secrets are links. The problem begins with the file's name.
keyring_result load_keyring(const std::filesystem::path& file, keyring_place place = keyring_place::disk);

/// Writes it to `file` with mode 0600: to a new file beside it, synced, then renamed over it, so that no
/// crash leaves half a keyring. `may_replace` false: an existing file is a problem; true: one that is not a
/// regular file is. Nothing when it is written.
std::optional<keyring_problem> write_keyring(const std::filesystem::path& file, const secret& text,
                                             bool may_replace);

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
