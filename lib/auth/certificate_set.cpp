#include "auth/id_token.hpp"
#include "core/json.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

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

} // namespace

std::shared_ptr<const public_keys> parse_certificates(std::string_view json) {
    const auto members = parse_json_object(json);
    if (!members || members->empty() || members->size() > most_certificates) return nullptr;
    auto keys = read_set(*members);
    ERR_clear_error(); // see signature.cpp
    return keys;
}

} // namespace byot::auth
