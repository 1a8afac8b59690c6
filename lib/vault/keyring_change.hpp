#pragma once

#include "vault/keyring.hpp"

#include <string>
#include <vector>

namespace byot::vault {

/// The private halves that a process cannot do without, by its role (DESIGN §1.6).
struct keyring_needs {
    bool opens = true;
    bool signs = true;
};

/// What the ring lacks of them, as a sentence's end for the operator; or empty.
std::string lack_of(const keyring& ring, keyring_needs needs);

/// How one ring differs from the one before it, by ids, oldest first.
struct keyring_change {
    std::vector<std::string> added;
    std::vector<std::string> gone;    ///< not in the new ring, or another pair of keys under the same id
    std::vector<std::string> retired; ///< active before
    std::string newest;               ///< of the new ring
    bool is_other = false; ///< differs in something else: an entry active again, another age, other halves

    bool is_none() const noexcept { return added.empty() && gone.empty() && retired.empty() && !is_other; }
};

keyring_change change_between(const keyring& before, const keyring& after);

} // namespace byot::vault
