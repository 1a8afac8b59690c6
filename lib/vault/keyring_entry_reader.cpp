#include "core/encoding.hpp"
#include "vault/keyring_members.hpp"

#include <sodium.h>

#include <algorithm>

namespace byot::vault {
namespace {

using public_key = std::array<unsigned char, 32>;
static_assert(crypto_box_PUBLICKEYBYTES == 32 && crypto_sign_PUBLICKEYBYTES == 32);

std::optional<secret> decode_secret(std::string_view text, std::size_t size) {
    secret bytes(size);
    bytes.resize(size);
    if (!base64_decode_into(text, bytes.expose_writable())) return std::nullopt;
    return bytes;
}

bool is_box_pair(const public_key& box_public, const secret& box_secret) {
    public_key recomputed;
    return crypto_scalarmult_base(recomputed.data(), as_bytes(box_secret.expose()).data()) == 0 &&
           recomputed == box_public;
}

// Recomputed from the seed, for an Ed25519 private key carries a copy of its public half that may lie.
bool is_sign_pair(const public_key& sign_public, const secret& sign_secret) {
    public_key recomputed;
    secret again(crypto_sign_SECRETKEYBYTES);
    again.resize(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(recomputed.data(), again.expose_writable().data(),
                             as_bytes(sign_secret.expose()).data());
    return recomputed == sign_public &&
           sodium_memcmp(again.expose().data(), sign_secret.expose().data(), crypto_sign_SECRETKEYBYTES) == 0;
}

// A point of low order would give everybody the same shared secret; libsodium refuses to multiply it.
bool can_be_sealed_for(const public_key& box_public) {
    public_key scalar{1};
    public_key shared;
    return crypto_scalarmult(shared.data(), scalar.data(), box_public.data()) == 0;
}

using half_problem = std::optional<std::string>;

half_problem read_box(const entry_members& members, keyring_entry& entry) {
    if (!base64_decode_into(*members.box_public, entry.box_public))
        return "boxPublic is not 32 bytes of base64";
    if (!can_be_sealed_for(entry.box_public)) return "boxPublic is not a usable public key";
    if (!members.box_secret) return std::nullopt;
    auto bytes = decode_secret(*members.box_secret, crypto_box_SECRETKEYBYTES);
    if (!bytes) return "boxSecret is not 32 bytes of base64";
    if (!is_box_pair(entry.box_public, *bytes)) return "boxSecret does not belong to boxPublic";
    entry.box_secret = std::move(*bytes);
    return std::nullopt;
}

half_problem read_sign(const entry_members& members, keyring_entry& entry) {
    if (!base64_decode_into(*members.sign_public, entry.sign_public)) {
        return "signPublic is not 32 bytes of base64";
    }
    if (crypto_core_ed25519_is_valid_point(entry.sign_public.data()) != 1) {
        return "signPublic is not a usable public key";
    }
    if (!members.sign_secret) return std::nullopt;
    auto bytes = decode_secret(*members.sign_secret, crypto_sign_SECRETKEYBYTES);
    if (!bytes) return "signSecret is not 64 bytes of base64";
    if (!is_sign_pair(entry.sign_public, *bytes)) return "signSecret does not belong to signPublic";
    entry.sign_secret = std::move(*bytes);
    return std::nullopt;
}

half_problem read_plain(const entry_members& members, keyring_entry& entry) {
    for (const auto& [name, member] : entry_member_names) {
        const bool may_lack = name == "boxSecret" || name == "signSecret";
        if (!may_lack && !(members.*member)) return std::string(name) + " is missing";
    }
    if (!is_entry_id(*members.id)) return "id is not \"key_\" and 12 letters or digits";
    entry.id = *members.id;
    const auto created_at = parse_rfc3339(*members.created_at);
    if (!created_at) return "createdAt is not an RFC 3339 time";
    entry.created_at = *created_at;
    if (*members.state != "active" && *members.state != "retired") {
        return "state is neither \"active\" nor \"retired\"";
    }
    entry.is_active = *members.state == "active";
    if (!members.box_secret && !members.sign_secret) return "neither boxSecret nor signSecret is there";
    return std::nullopt;
}

} // namespace

bool is_entry_id(std::string_view id) noexcept {
    const auto is_alphanumeric = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    return id.size() == 16 && id.starts_with("key_") &&
           std::all_of(id.begin() + 4, id.end(), is_alphanumeric);
}

boost::system::result<keyring_entry, keyring_problem> read_entry(const entry_members& members,
                                                                 const std::string& where) {
    keyring_entry entry;
    for (const auto read : {read_plain, read_box, read_sign}) {
        if (auto problem = read(members, entry)) return keyring_problem{where + ": " + *problem};
    }
    return entry;
}

} // namespace byot::vault
