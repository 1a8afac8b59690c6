#pragma once

#include "core/encoding.hpp"
#include "vault/key_record.hpp"
#include "vault/keyring_format.hpp"
#include "vault/whose.hpp"

#include <sodium.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace byot::vault::testing {

/// A directory of the test's own, gone with it.
class temporary_directory {
public:
    temporary_directory()
        : path_(std::filesystem::temp_directory_path() / ("byot-vault-" + random_alphanumeric(12))) {
        std::filesystem::create_directory(path_);
    }
    ~temporary_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;

    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

inline wall_time at(std::int64_t seconds) {
    return wall_time(std::chrono::seconds(seconds));
}

/// 2026-01-02T03:04:05Z.
constexpr std::int64_t now_seconds = 1767323045;
inline wall_time now() {
    return at(now_seconds);
}

/// The same entry for the same seed each time, so that what is made of it can be written down.
inline keyring_entry fixed_entry(unsigned char seed, std::string id) {
    keyring_entry entry;
    entry.id = std::move(id);
    entry.created_at = at(1700000000 + seed);
    std::array<unsigned char, 32> bytes;
    bytes.fill(seed);
    entry.box_secret = secret(32);
    entry.box_secret.resize(32);
    crypto_box_seed_keypair(entry.box_public.data(), entry.box_secret.expose_writable().data(), bytes.data());
    entry.sign_secret = secret(64);
    entry.sign_secret.resize(64);
    crypto_sign_seed_keypair(entry.sign_public.data(), entry.sign_secret.expose_writable().data(),
                             bytes.data());
    return entry;
}

inline std::shared_ptr<const keyring> ring_of(std::vector<keyring_entry> entries) {
    return std::make_shared<const keyring>(std::move(entries));
}

/// Two entries, of which the newest is "key_newnewnewnew".
inline std::shared_ptr<const keyring> sample_ring() {
    std::vector<keyring_entry> entries;
    entries.push_back(fixed_entry(1, "key_oldoldoldold"));
    entries.push_back(fixed_entry(2, "key_newnewnewnew"));
    return ring_of(std::move(entries));
}

/// What a role has of the whole keyring.
inline std::shared_ptr<const keyring> role_ring(const keyring& whole, keyring_part part) {
    const auto text = serialize_keyring(whole, part);
    return std::make_shared<const keyring>(parse_keyring(text.expose()).value());
}

/// A record of that user's as `save` would make it.
inline key_record sample_record(const keyring& ring, const whose& uid, std::string provider = "googleai",
                                std::string_view api_key = "sk-test-0123456789") {
    key_record record;
    record.provider = std::move(provider);
    record.credential_id = "cred_" + random_alphanumeric(16);
    record.sealed = seal_key(ring.newest(), user_id(uid), record.provider, secret::copy_of(api_key));
    record.hint = "6789";
    record.created_at = now();
    record.updated_at = now();
    sign(ring.newest(), user_id(uid), record);
    return record;
}

inline void write_text(const std::filesystem::path& file, std::string_view text, unsigned mode = 0600) {
    std::ofstream(file, std::ios::binary) << text;
    std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
}

inline std::string read_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

} // namespace byot::vault::testing
