#pragma once

#include "auth/certificate_source.hpp"
#include "auth/id_token.hpp"
#include "core/clock.hpp"
#include "core/encoding.hpp"
#include "core/json.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Keys, certificates and tokens made fresh for each run, honest and forged.
namespace forge {

using namespace byot;
using key_pointer = std::shared_ptr<EVP_PKEY>;

inline const std::string project = "trainer-1";
inline const std::string uid = "kRw1cXJ0bGVzQW5kRmlzaDEy";
/// The moment all tables count from, on a whole second.
inline const wall_time now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + std::chrono::hours{5};

inline key_pointer share(EVP_PKEY* key) {
    BOOST_REQUIRE(key != nullptr);
    return {key, &EVP_PKEY_free};
}
inline key_pointer new_rsa(unsigned bits = 2048) {
    return share(EVP_RSA_gen(bits));
}

/// One key of each part in the play, made once a run.
struct cast {
    key_pointer good = new_rsa();
    key_pointer second = new_rsa();
    key_pointer attacker = new_rsa();
    key_pointer elliptic = share(EVP_EC_gen("P-256"));
    std::string good_kid = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
    std::string second_kid = "89abcdef0123456789abcdef0123456789abcdef";
};
inline const cast& keys() {
    static const cast all;
    return all;
}

inline std::string drain(BIO* bio) {
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio, &text);
    std::string copy(text, static_cast<std::size_t>(size));
    BIO_free(bio);
    return copy;
}

/// A self-signed certificate, as Google publishes them.
inline std::string certificate_of(EVP_PKEY& key) {
    X509* const made = X509_new();
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), 7);
    X509_gmtime_adj(X509_getm_notBefore(made), 0);
    X509_gmtime_adj(X509_getm_notAfter(made), 86400);
    X509_set_pubkey(made, &key);
    BOOST_REQUIRE(X509_sign(made, &key, EVP_sha256()) > 0);
    BIO* const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, made);
    X509_free(made);
    return drain(bio);
}

/// What the certificates address answers for these kids.
inline std::string certificates_json(const std::map<std::string, key_pointer>& set) {
    std::string json = "{";
    for (const auto& [kid, key] : set) {
        if (json.size() > 1) json += ',';
        json += to_json_string(kid) + ":" + to_json_string(certificate_of(*key));
    }
    return json + "}";
}
inline std::string both_certificates() {
    return certificates_json({{keys().good_kid, keys().good}, {keys().second_kid, keys().second}});
}

inline std::string sign_with(EVP_PKEY& key, std::string_view text, const char* digest, bool is_pss = false) {
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* options = nullptr;
    BOOST_REQUIRE(EVP_DigestSignInit(context, &options, EVP_get_digestbyname(digest), nullptr, &key) == 1);
    if (is_pss) {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    BOOST_REQUIRE(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                                 as_bytes(text).data(), text.size()) == 1);
    EVP_MD_CTX_free(context);
    signature.resize(size);
    return signature;
}

inline std::string hmac(std::string_view key, std::string_view text) {
    std::string mac(32, '\0');
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), as_bytes(text).data(), text.size(),
         reinterpret_cast<unsigned char*>(mac.data()), &size);
    return mac;
}

inline std::string public_der(EVP_PKEY& key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(&key, &der);
    std::string copy(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return copy;
}

inline std::string b64(std::string_view bytes) {
    return base64url_encode(as_bytes(bytes));
}

/// JWS compact form of two texts, signed RS256.
inline std::string compact(std::string_view header, std::string_view claims, EVP_PKEY& key) {
    const auto text = b64(header) + "." + b64(claims);
    return text + "." + b64(sign_with(key, text, "SHA256"));
}

inline std::int64_t seconds(wall_time when) {
    return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
}

/// The claims of an honest token, as JSON texts by name, ready to be changed.
struct claim_set {
    std::map<std::string, std::string> members;

    explicit claim_set(wall_time at = now)
        : members{{"iss", to_json_string("https://securetoken.google.com/" + project)},
                  {"aud", to_json_string(project)},
                  {"sub", to_json_string(uid)},
                  {"user_id", to_json_string(uid)},
                  {"auth_time", std::to_string(seconds(at) - 100)},
                  {"iat", std::to_string(seconds(at) - 60)},
                  {"exp", std::to_string(seconds(at) + 3540)},
                  {"firebase", R"({"identities":{},"sign_in_provider":"password"})"}} {}

    /// `json` replaces the member; empty takes it away.
    claim_set&& with(const std::string& name, const std::string& json) && {
        if (json.empty()) {
            members.erase(name);
        } else {
            members[name] = json;
        }
        return std::move(*this);
    }
    std::string text() const {
        std::string json = "{";
        for (const auto& [name, value] : members) {
            if (json.size() > 1) json += ',';
            json += to_json_string(name) + ":" + value;
        }
        return json + "}";
    }
};

inline std::string header(const std::string& kid = keys().good_kid) {
    return fmt::format(R"({{"alg":"RS256","kid":{},"typ":"JWT"}})", to_json_string(kid));
}
inline std::string token(const claim_set& claims = claim_set{}) {
    return compact(header(), claims.text(), *keys().good);
}
inline std::string token_of(const std::string& kid, EVP_PKEY& key, const claim_set& claims = claim_set{}) {
    return compact(header(kid), claims.text(), key);
}

/// Everything a verifier decides that needs no socket: claims, key, signature.
inline result<auth::identity> judge(std::string_view token, const auth::public_keys& set,
                                    wall_time at = now) {
    const auto checked = auth::check_claims(token, project, at);
    if (!checked) return checked.error();
    const auto key = set.find(checked->key_id);
    if (key == set.end()) return failure(reason::token_invalid, "unknown key");
    if (!auth::is_signed_by(*key->second, checked->signed_part,
                            base64url_decode(checked->signature).value())) {
        return failure(reason::token_invalid, "wrong signature");
    }
    return checked->who;
}

} // namespace forge
