#include "auth/id_token.hpp"
#include "core/encoding.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <new>

namespace byot::auth {
namespace {

using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

EVP_MD* fetch_sha256() {
    auto* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!fetched) throw std::bad_alloc();
    return fetched;
}

bool verify(EVP_PKEY& key, bytes_view text, bytes_view signature) {
    // Fetched once: looking an algorithm up costs more than hashing a token.
    static EVP_MD* const sha256 = fetch_sha256();
    const digest_context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const bool is_ready = context && EVP_DigestVerifyInit(context.get(), nullptr, sha256, nullptr, &key) == 1;
    if (!is_ready) throw std::bad_alloc(); // nothing of this depends on the signature
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

/// Whether what OpenSSL noted on this thread, which is taken off, is RSA's judgement of a signature (and that
/// its provider heard so) and nothing else. Without memory it notes other things, or cannot even do that.
bool is_judgement() noexcept {
    bool has_judged = false;
    bool has_failed = false;
    while (const auto error = ERR_get_error()) {
        if (ERR_GET_LIB(error) == ERR_LIB_PROV && ERR_GET_REASON(error) == ERR_R_RSA_LIB) continue;
        const bool is_common = (ERR_GET_RFLAGS(error) & ERR_RFLAG_COMMON) != 0;
        (ERR_GET_LIB(error) == ERR_LIB_RSA && !is_common ? has_judged : has_failed) = true;
    }
    return has_judged && !has_failed;
}

} // namespace

bool is_signed_by(EVP_PKEY& key, std::string_view signed_part, std::string_view signature) {
    // RSA only: another kind of key would be tried by another scheme. PKCS#1 v1.5 is what RSA keys default
    // to.
    if (EVP_PKEY_get_base_id(&key) != EVP_PKEY_RSA) return false;
    if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(&key))) return false;
    ERR_clear_error();
    if (verify(key, as_bytes(signed_part), as_bytes(signature))) return true;
    // What OpenSSL noted about a stranger's token must not be taken for a fault of a TLS stream on this
    // thread; and a fault of this machine not for one of the token.
    if (!is_judgement()) throw std::bad_alloc();
    return false;
}

} // namespace byot::auth
