#include "vault/keyring_change.hpp"

namespace byot::vault {
namespace {

bool is_same_pair(const keyring_entry& a, const keyring_entry& b) {
    return a.box_public == b.box_public && a.sign_public == b.sign_public;
}

const keyring_entry* find_same(const keyring& ring, const keyring_entry& entry) {
    const auto* const found = ring.find(entry.id);
    return found && is_same_pair(*found, entry) ? found : nullptr;
}

bool differs_otherwise(const keyring_entry& before, const keyring_entry& after) {
    return (!before.is_active && after.is_active) || before.created_at != after.created_at ||
           before.box_secret.empty() != after.box_secret.empty() ||
           before.sign_secret.empty() != after.sign_secret.empty();
}

} // namespace

std::string lack_of(const keyring& ring, keyring_needs needs) {
    if (needs.opens && !ring.can_open()) return "this file cannot open keys, which the role needs";
    if (needs.signs && !ring.can_sign()) return "this file cannot sign keys, which the role needs";
    return {};
}

keyring_change change_between(const keyring& before, const keyring& after) {
    keyring_change change;
    change.newest = after.newest().id;
    for (const auto& entry : before.entries()) {
        const auto* const now = find_same(after, entry);
        if (!now) {
            change.gone.push_back(entry.id);
            continue;
        }
        if (entry.is_active && !now->is_active) change.retired.push_back(entry.id);
        if (differs_otherwise(entry, *now)) change.is_other = true;
    }
    for (const auto& entry : after.entries()) {
        if (!find_same(before, entry)) change.added.push_back(entry.id);
    }
    return change;
}

} // namespace byot::vault
