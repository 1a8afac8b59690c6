#include "vault/keyring.hpp"

#include "core/encoding.hpp"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

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

bool is_entry_id(std::string_view id) noexcept {
    const auto is_alphanumeric = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    return id.size() == 16 && id.starts_with("key_") &&
           std::all_of(id.begin() + 4, id.end(), is_alphanumeric);
}

keyring::keyring(std::vector<keyring_entry> entries) : entries_(std::move(entries)) {
    const auto older = [](const keyring_entry& a, const keyring_entry& b) {
        return a.created_at < b.created_at;
    };
    std::stable_sort(entries_.begin(), entries_.end(), older);
    const auto is_active = [](const keyring_entry& entry) { return entry.is_active; };
    if (std::none_of(entries_.begin(), entries_.end(), is_active)) {
        throw std::logic_error("a keyring needs an active entry");
    }
}

const keyring_entry& keyring::newest() const noexcept {
    const auto is_active = [](const keyring_entry& entry) { return entry.is_active; };
    return *std::find_if(entries_.rbegin(), entries_.rend(), is_active);
}

const keyring_entry* keyring::find(std::string_view id) const noexcept {
    const auto has_id = [id](const keyring_entry& entry) { return entry.id == id; };
    const auto found = std::find_if(entries_.begin(), entries_.end(), has_id);
    return found == entries_.end() ? nullptr : &*found;
}

bool keyring::can_open() const noexcept {
    const auto opens = [](const keyring_entry& entry) {
        return !entry.is_active || !entry.box_secret.empty();
    };
    return std::all_of(entries_.begin(), entries_.end(), opens);
}

bool keyring::can_sign() const noexcept {
    const auto signs = [](const keyring_entry& entry) {
        return !entry.is_active || !entry.sign_secret.empty();
    };
    return std::all_of(entries_.begin(), entries_.end(), signs);
}

keyring_entry make_entry(wall_time now) {
    keyring_entry entry;
    entry.id = "key_" + random_alphanumeric(12);
    entry.created_at = now;
    entry.box_secret = secret(crypto_box_SECRETKEYBYTES);
    entry.box_secret.resize(crypto_box_SECRETKEYBYTES);
    crypto_box_keypair(entry.box_public.data(), entry.box_secret.expose_writable().data());
    entry.sign_secret = secret(crypto_sign_SECRETKEYBYTES);
    entry.sign_secret.resize(crypto_sign_SECRETKEYBYTES);
    crypto_sign_keypair(entry.sign_public.data(), entry.sign_secret.expose_writable().data());
    return entry;
}

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
