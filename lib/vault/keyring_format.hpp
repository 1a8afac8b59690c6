#pragma once

#include "core/secret.hpp"
#include "vault/keyring.hpp"

#include <boost/system/result.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::vault {

/// What is wrong with a keyring file, for the operator; never quotes its content.
struct keyring_problem {
    std::string message;
};

/// Throws std::runtime_error with the message: what `value()` of a result does that holds a problem.
[[noreturn]] void throw_exception_from_error(const keyring_problem& problem,
                                             const boost::source_location& where);
/// A keyring, or why there is none.
using keyring_result = boost::system::result<keyring, keyring_problem>;

/// The texts of one entry's members by their names, as a version of the file has them. They lie in locked
/// memory, or are constants that an upgrade put there.
using entry_texts = std::vector<std::pair<std::string_view, std::string_view>>;

/// One version of the keyring file. The README says how one is added.
struct keyring_version {
    std::span<const std::string_view> members; ///< that an entry may have, each a string
    void (*upgrade)(entry_texts& entry);       ///< makes the next version's of it; null for the last
};

/// Every version of the file that this program reads; the first is version 1.
std::span<const keyring_version> keyring_versions() noexcept;
/// The version that `serialize_keyring` writes. It may be an earlier one than the last of those that are
/// read: in a rollout instances of the program before this one still read the file.
constexpr int written_keyring_version = 1;

/// Reads the text of a keyring file, strictly: a known version, no unknown or repeated member, each id once,
/// key lengths, each public half recomputed from its private half, the same private halves in each entry and
/// at least one, at least one active entry. A file of an earlier version is upgraded as it is read.
keyring_result parse_keyring(std::string_view text);
/// The same with other versions than this program's, so that tests see an upgrade before there is one.
/// Precondition: the last one's entries have the members that this program knows.
keyring_result parse_keyring(std::string_view text, std::span<const keyring_version> versions);

/// Which private halves go into a file: `keys_role` has none that opens, `ai_role` none that signs.
enum class keyring_part { whole, keys_role, ai_role };

/// The file's text, for a role without that role's forbidden half. Holds private keys.
secret serialize_keyring(const keyring& ring, keyring_part part);

} // namespace byot::vault
