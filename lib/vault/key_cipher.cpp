#include "vault/key_cipher.hpp"

#include "core/encoding.hpp"

#include <sodium.h>

#include <array>
#include <cassert>
#include <cstring>

namespace byot::vault {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

// Who a box is for, as associated data: the user's length, then both texts, so that no two owners look alike.
struct owner_text {
    owner_text(std::string_view user, std::string_view provider) noexcept {
        const auto length = static_cast<std::uint32_t>(user.size());
        append(&length, sizeof length);
        append(user.data(), user.size());
        append(provider.data(), provider.size());
    }
    void append(const void* from, std::size_t count) noexcept {
        if (count) std::memcpy(bytes.data() + size, from, count);
        size += count;
    }

    std::array<unsigned char, sizeof(std::uint32_t) + key_cipher::longest_owner> bytes;
    std::size_t size = 0;
};

} // namespace

key_cipher::key_cipher() : key_(crypto_aead_xchacha20poly1305_ietf_KEYBYTES) {
    key_.resize(key_.capacity());
    crypto_aead_xchacha20poly1305_ietf_keygen(key_.expose_writable().data());
}

std::string key_cipher::encrypt(const user_id& who, std::string_view provider,
                                std::string_view api_key) const {
    assert(who.canonical().size() + provider.size() <= longest_owner);
    const owner_text owner(who.canonical(), provider);
    std::string box(nonce_size + api_key.size() + tag_size, '\0');
    auto* const nonce = reinterpret_cast<unsigned char*>(box.data());
    randombytes_buf(nonce, nonce_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_size, nullptr, as_bytes(api_key).data(),
                                               api_key.size(), owner.bytes.data(), owner.size, nullptr, nonce,
                                               as_bytes(key_.expose()).data());
    return box;
}

std::optional<std::size_t> key_cipher::decrypt(const user_id& who, std::string_view provider,
                                               std::string_view box, std::span<char> out) const noexcept {
    if (who.canonical().size() + provider.size() > longest_owner || box.size() < nonce_size + tag_size)
        return {};
    const auto size = box.size() - nonce_size - tag_size;
    if (size > out.size()) return {};
    const owner_text owner(who.canonical(), provider);
    const auto bytes = as_bytes(box);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(out.data()), nullptr,
                                                   nullptr, bytes.data() + nonce_size,
                                                   bytes.size() - nonce_size, owner.bytes.data(), owner.size,
                                                   bytes.data(), as_bytes(key_.expose()).data()) != 0) {
        return {};
    }
    return size;
}

} // namespace byot::vault
