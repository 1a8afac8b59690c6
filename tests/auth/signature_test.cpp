#include "auth/forge.hpp"

#include <openssl/err.h>

BOOST_AUTO_TEST_SUITE(signature)

using namespace byot;
using namespace std::string_literals;

namespace {

const std::string message = "aGVhZGVy.cGF5bG9hZA";

/// DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1).
const std::string digest_info =
    "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"s;
const std::string digest_info_without_null =
    "\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20"s;

std::string sha256(std::string_view text) {
    std::string digest(32, '\0');
    EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(),
                 reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
}

/// 00 01 FF … 00 rest, as long as the modulus.
std::string encoded(std::string_view rest, char block_type = 1, char filler = '\xFF') {
    std::string text(256 - 3 - rest.size(), filler);
    return std::string(1, '\0') + block_type + text + std::string(1, '\0') + std::string(rest);
}

/// The private key's operation on a block as it is.
std::string raw_sign(const std::string& block) {
    EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(forge::keys().good.get(), nullptr);
    EVP_PKEY_sign_init(context);
    EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING);
    std::string out(256, '\0');
    std::size_t size = out.size();
    const bool is_done = EVP_PKEY_sign(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                                       as_bytes(block).data(), block.size()) == 1;
    EVP_PKEY_CTX_free(context);
    BOOST_REQUIRE(is_done);
    return out;
}

bool is_taken(const std::string& signature, std::string_view text = message) {
    return auth::is_signed_by(*forge::keys().good, text, signature);
}

} // namespace

BOOST_AUTO_TEST_CASE(only_the_exact_encoding_of_pkcs1_is_taken) {
    const auto digest = sha256(message);
    BOOST_TEST(is_taken(raw_sign(encoded(digest_info + digest))));
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + sha256("other")))));
    BOOST_TEST(!is_taken(raw_sign(encoded(digest))), "no DigestInfo");
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info_without_null + digest))), "no NULL parameter");
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + digest + "x"))), "a byte after the digest");
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + digest, 2))), "block type 2");
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + digest, 1, '\x7F'))), "filler other than FF");
    const std::string garbage(150, 'g'); // Bleichenbacher's forgery of 2006: short filler, rubbish at the end
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + digest + garbage))));
}

BOOST_AUTO_TEST_CASE(a_signature_is_exactly_as_long_as_the_modulus) {
    const auto good = forge::sign_with(*forge::keys().good, message, "SHA256");
    BOOST_TEST(is_taken(good));
    BOOST_TEST(!is_taken(good + std::string(1, '\0')));
    BOOST_TEST(!is_taken(std::string(1, '\0') + good));
    BOOST_TEST(!is_taken(good.substr(0, 255)));
    BOOST_TEST(!is_taken(""));
}

BOOST_AUTO_TEST_CASE(each_flipped_bit_of_the_signature_is_noticed) {
    const auto good = forge::sign_with(*forge::keys().good, message, "SHA256");
    for (std::size_t at = 0; at < good.size(); at += 5) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
        BOOST_TEST(!is_taken(bad), at);
    }
}

BOOST_AUTO_TEST_CASE(only_an_rsa_key_verifies) {
    auto& key = *forge::keys().elliptic;
    const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(&key));
    // DER varies in length; one of the greatest is not refused for its length already.
    auto elliptic = forge::sign_with(key, message, "SHA256");
    while (elliptic.size() != size) elliptic = forge::sign_with(key, message, "SHA256");
    BOOST_TEST(!auth::is_signed_by(key, message, elliptic));
}

BOOST_AUTO_TEST_CASE(a_refusal_leaves_nothing_in_openssls_error_queue) {
    ERR_clear_error();
    BOOST_TEST(!is_taken(std::string(256, '\xFF')));
    BOOST_TEST(ERR_peek_error() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
