#pragma once

#include "core/encoding.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

/// Key files as Google hands them out, with keys made fresh for each run.
namespace byot::google::testing {

using key_pointer = std::shared_ptr<EVP_PKEY>;

inline key_pointer share(EVP_PKEY* key) {
    BOOST_REQUIRE(key != nullptr);
    return {key, &EVP_PKEY_free};
}
inline const key_pointer& account_key() {
    static const key_pointer key = share(EVP_RSA_gen(2048U));
    return key;
}

/// PKCS #8; encrypted when there is a password.
inline std::string pem_of(EVP_PKEY& key, std::string password = {}) {
    const std::shared_ptr<BIO> bio(BIO_new(BIO_s_mem()), &BIO_free);
    const auto* const cipher = password.empty() ? nullptr : EVP_aes_128_cbc();
    const auto size = static_cast<int>(password.size());
    BOOST_REQUIRE(
        PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, cipher, password.data(), size, nullptr, nullptr) == 1);
    char* text = nullptr;
    const auto written = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(written)};
}

inline boost::json::object service_account_members() {
    return {{"type", "service_account"},
            {"project_id", "trainer-1"},
            {"private_key_id", "0123abcd"},
            {"private_key", pem_of(*account_key())},
            {"client_email", "relay@trainer-1.iam.gserviceaccount.com"},
            {"client_id", "1234567890"},
            {"auth_uri", "https://accounts.google.com/o/oauth2/auth"},
            {"token_uri", "https://oauth2.googleapis.com/token"},
            {"universe_domain", "googleapis.com"}};
}

inline boost::json::object user_members() {
    return {{"type", "authorized_user"},
            {"account", ""},
            {"client_id", "764086051850-x.apps.googleusercontent.com"},
            {"client_secret", "d-FL95Q19q7MQmFpd7hHD0Ty"},
            {"refresh_token", "1//09-refresh+token/with=signs"},
            {"quota_project_id", "trainer-1"}};
}

/// Whether `signature` is RS256 over `text` by that key.
inline bool is_rs256(EVP_PKEY& key, std::string_view text, std::string_view signature) {
    const std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const auto signed_bytes = as_bytes(text);
    const auto given = as_bytes(signature);
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) == 1 &&
           EVP_DigestVerify(context.get(), given.data(), given.size(), signed_bytes.data(),
                            signed_bytes.size()) == 1;
}

} // namespace byot::google::testing
