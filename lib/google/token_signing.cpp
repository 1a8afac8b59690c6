#include "google/token_signing.hpp"

#include "core/encoding.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace byot::google {
namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;
using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr int least_bits = 2048;

/// OpenSSL's error queue is this thread's: what a bad file left there must not be taken for a TLS stream's.
struct clean_queue {
    ~clean_queue() { ERR_clear_error(); }
};

/// An encrypted key is no key here; without this OpenSSL would ask at the terminal.
int no_password(char*, int, int, void*) {
    return 0;
}

/// Kept by OpenSSL in memory of its own, which it wipes; so no longer than one signature takes.
key_pointer read_key(const secret& pem) {
    const auto text = pem.expose();
    const bio_pointer bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
    key_pointer key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_password, nullptr) : nullptr,
                    &EVP_PKEY_free);
    const bool is_fit =
        key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key.get()) >= least_bits;
    if (!is_fit) key.reset();
    return key;
}

} // namespace

bool is_signing_key(const secret& pem) {
    const clean_queue clean;
    return read_key(pem) != nullptr;
}

std::optional<std::string> sign_rs256(const secret& pem, std::string_view text) {
    const clean_queue clean;
    const auto key = read_key(pem);
    const digest_context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    if (!key || !context) return std::nullopt;
    // PKCS#1 v1.5 is what RSA keys default to.
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1)
        return std::nullopt;
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
    auto size = signature.size();
    auto* const bytes = reinterpret_cast<unsigned char*>(signature.data());
    const auto signed_bytes = as_bytes(text);
    if (EVP_DigestSign(context.get(), bytes, &size, signed_bytes.data(), signed_bytes.size()) != 1)
        return std::nullopt;
    signature.resize(size);
    return signature;
}

} // namespace byot::google
