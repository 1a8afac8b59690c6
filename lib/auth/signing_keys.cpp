#include "auth/signing_keys.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <new>

namespace byot::auth {
namespace {

constexpr std::size_t most_certificates = 64;
constexpr int least_bits = 2048;
constexpr int most_bits = 8192; // verifying with a larger one is work that a stranger's token would cause
constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view first_line = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view last_line = "-----END CERTIFICATE-----";

using certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using memory_bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

/// Whether the text is one PEM block and nothing else: OpenSSL would skip what stands around it.
bool is_one_block(std::string_view pem) noexcept {
    const auto last = pem.find_last_not_of(white_space);
    if (last == std::string_view::npos) return false;
    const auto block = pem.substr(0, last + 1);
    return block.starts_with(first_line) && block.ends_with(last_line) &&
           block.find(last_line) + last_line.size() == block.size();
}

std::shared_ptr<EVP_PKEY> read_certificate(std::string_view pem) {
    if (!is_one_block(pem)) return nullptr;
    const memory_bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    // The empty passphrase answers for a block that asks for one, so nothing ever waits on a terminal.
    char no_passphrase[] = "";
    const certificate read(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, no_passphrase) : nullptr,
                           &X509_free);
    std::shared_ptr<EVP_PKEY> key(read ? X509_get_pubkey(read.get()) : nullptr, &EVP_PKEY_free);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return nullptr;
    const int bits = EVP_PKEY_get_bits(key.get());
    return bits >= least_bits && bits <= most_bits ? key : nullptr;
}

std::shared_ptr<public_keys> read_set(const boost::json::object& members) {
    auto keys = std::make_shared<public_keys>();
    for (const auto& member : members) {
        if (member.key().empty() || !member.value().is_string()) return nullptr;
        auto key = read_certificate(member.value().get_string());
        if (!key) return nullptr;
        keys->emplace(std::string(member.key()), std::move(key));
    }
    return keys;
}

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
        const auto flags = static_cast<unsigned>(ERR_GET_RFLAGS(error));
        const bool is_common = (flags & unsigned{ERR_RFLAG_COMMON}) != 0;
        (ERR_GET_LIB(error) == ERR_LIB_RSA && !is_common ? has_judged : has_failed) = true;
    }
    return has_judged && !has_failed;
}

} // namespace

std::shared_ptr<const public_keys> parse_certificates(std::string_view json) {
    const auto members = parse_json_object(json);
    if (!members || members->empty() || members->size() > most_certificates) return nullptr;
    auto keys = read_set(*members);
    ERR_clear_error(); // see is_signed_by
    return keys;
}

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
