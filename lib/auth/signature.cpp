#include "auth/id_token.hpp"
#include "core/encoding.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

namespace byot::auth {
namespace {

using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

bool verify(EVP_PKEY& key, bytes_view text, bytes_view signature) {
    // Fetched once: looking an algorithm up costs more than hashing a token.
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    const digest_context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return sha256 && context && EVP_DigestVerifyInit(context.get(), nullptr, sha256, nullptr, &key) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

} // namespace

bool is_signed_by(EVP_PKEY& key, std::string_view signed_part, std::string_view signature) {
    // RSA only: another kind of key would be tried by another scheme. PKCS#1 v1.5 is what RSA keys default
    // to.
    if (EVP_PKEY_get_base_id(&key) != EVP_PKEY_RSA) return false;
    if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(&key))) return false;
    if (verify(key, as_bytes(signed_part), as_bytes(signature))) return true;
    // What OpenSSL noted about a stranger's token must not be taken for a fault of a TLS stream on this
    // thread.
    ERR_clear_error();
    return false;
}

} // namespace byot::auth
