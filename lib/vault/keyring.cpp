#include "vault/keyring.hpp"

#include "core/encoding.hpp"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace byot::vault {

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

void throw_exception_from_error(const keyring_problem& problem, const boost::source_location&) {
    throw std::runtime_error(problem.message);
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

} // namespace byot::vault
