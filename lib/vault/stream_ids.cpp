#include "vault/stream_ids.hpp"

#include "core/encoding.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace byot::vault {
namespace {

constexpr std::string_view domain = "byot-stream-id-v1";
constexpr std::size_t mac_size = 32;
using mac = std::array<unsigned char, mac_size>;

// A key of its own, so that nothing here tells anything of what opens boxes.
mac derive_key(const secret& box_secret) {
    mac key;
    crypto_generichash(key.data(), key.size(), as_bytes(domain).data(), domain.size(),
                       as_bytes(box_secret.expose()).data(), box_secret.size());
    return key;
}

mac mac_of(const keyring_entry& entry, const user_id& who, std::string_view id) {
    const std::string_view user = who.canonical();
    auto key = derive_key(entry.box_secret);
    crypto_generichash_state hash;
    crypto_generichash_init(&hash, key.data(), key.size(), mac_size);
    std::array<unsigned char, 8> length;
    for (std::size_t i = 0; i < length.size(); ++i) {
        length[i] =
            static_cast<unsigned char>(static_cast<std::uint64_t>(user.size()) >> (56 - 8 * i) & 0xff);
    }
    crypto_generichash_update(&hash, length.data(), length.size());
    crypto_generichash_update(&hash, as_bytes(user).data(), user.size());
    crypto_generichash_update(&hash, as_bytes(id).data(), id.size());
    mac made;
    crypto_generichash_final(&hash, made.data(), made.size());
    wipe(key.data(), key.size());
    wipe(&hash, sizeof hash);
    return made;
}

} // namespace

std::string sign_stream_id(const keyring& ring, const user_id& who, std::string_view id) {
    if (ring.newest().box_secret.empty()) throw std::logic_error("this keyring cannot sign stream ids");
    return std::string(id) + '.' + base64url_encode(mac_of(ring.newest(), who, id));
}

std::optional<std::string_view> check_stream_id(const keyring& ring, const user_id& who,
                                                std::string_view signed_id) {
    const auto dot = signed_id.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto given = signed_id.substr(dot + 1);
    const auto id = signed_id.substr(0, dot);
    for (const auto& entry : ring.entries()) {
        if (entry.box_secret.empty()) continue;
        // Compared as text: each MAC has one spelling only.
        const auto expected = base64url_encode(mac_of(entry, who, id));
        if (expected.size() == given.size() &&
            sodium_memcmp(expected.data(), given.data(), given.size()) == 0) {
            return id;
        }
    }
    return std::nullopt;
}

} // namespace byot::vault
