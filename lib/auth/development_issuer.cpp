#include "auth/development_issuer.hpp"

#include "auth/id_token.hpp"
#include "core/encoding.hpp"
#include "core/json.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

namespace byot::auth {
namespace {

constexpr std::chrono::days certificate_lifetime{365};

using private_key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using memory_bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

/// What OpenSSL refuses here is lack of memory or of randomness: nothing that a start could go on without.
void require(bool is_done) {
    if (!is_done) throw std::runtime_error("OpenSSL could not make the development issuer's key");
}

private_key make_key() {
    private_key key(EVP_RSA_gen(2048), &EVP_PKEY_free);
    require(key != nullptr);
    return key;
}

certificate certify(EVP_PKEY& key, wall_time now) {
    certificate made(X509_new(), &X509_free);
    require(made && X509_set_version(made.get(), X509_VERSION_3) == 1);
    require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), 1) == 1);
    const auto from = std::chrono::floor<std::chrono::seconds>(now);
    const auto seconds = static_cast<std::time_t>(from.time_since_epoch().count());
    const auto lifetime = std::chrono::seconds(certificate_lifetime).count();
    require(ASN1_TIME_set(X509_getm_notBefore(made.get()), seconds) != nullptr);
    require(ASN1_TIME_set(X509_getm_notAfter(made.get()), seconds + lifetime) != nullptr);
    X509_NAME* const name = X509_get_subject_name(made.get());
    constexpr unsigned char text[] = "byot development";
    require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, sizeof text - 1, -1, 0) == 1);
    require(X509_set_issuer_name(made.get(), name) == 1 && X509_set_pubkey(made.get(), &key) == 1);
    require(X509_sign(made.get(), &key, EVP_sha256()) > 0);
    return made;
}

std::string to_pem(X509& made) {
    const memory_bio bio(BIO_new(BIO_s_mem()), &BIO_free);
    require(bio && PEM_write_bio_X509(bio.get(), &made) == 1);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

/// From the certificate, so that a key made later never goes by the same name.
std::string key_id_of(X509& made) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    require(X509_digest(&made, EVP_sha256(), digest.data(), &size) == 1);
    return hex_encode(bytes_view(digest).first(20));
}

std::string sign(EVP_PKEY& key, std::string_view text) {
    const digest_context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    require(context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) == 1);
    std::vector<unsigned char> signature(static_cast<std::size_t>(EVP_PKEY_get_size(&key)));
    std::size_t size = signature.size();
    const auto input = as_bytes(text);
    require(EVP_DigestSign(context.get(), signature.data(), &size, input.data(), input.size()) == 1);
    return std::string(as_text(bytes_view(signature).first(size)));
}

std::string tenant_member(const user_id& who) {
    return who.tenant().empty() ? std::string() : ",\"tenant\":" + to_json_string(who.tenant());
}

} // namespace

struct development_issuer::state {
    std::string project;
    private_key key;
    std::string key_id;
    std::string certificates;
};

development_issuer::development_issuer(std::string project, wall_time now) {
    auto key = make_key();
    const auto made = certify(*key, now);
    auto key_id = key_id_of(*made);
    auto certificates = fmt::format("{{{}:{}}}", to_json_string(key_id), to_json_string(to_pem(*made)));
    state_ = std::make_unique<state>(
        state{std::move(project), std::move(key), std::move(key_id), std::move(certificates)});
}

development_issuer::~development_issuer() = default;

result<std::string> development_issuer::issue(const user_id& who, wall_time now) const {
    if (!is_acceptable_uid(who.uid())) {
        return failure(reason::field_invalid,
                       "uid must be 1 to 128 characters without control characters, slashes or dots alone.")
            .with("field", "uid");
    }
    if (!who.tenant().empty() && !is_acceptable_tenant(who.tenant())) {
        return failure(reason::field_invalid, "tenant must be 1 to 64 letters, digits, '-' and '_'.")
            .with("field", "tenant");
    }
    const auto issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto header =
        fmt::format(R"({{"alg":"RS256","kid":{},"typ":"JWT"}})", to_json_string(state_->key_id));
    const auto claims =
        fmt::format(R"({{"iss":{},"aud":{},"auth_time":{},"user_id":{},"sub":{},"iat":{},"exp":{},)"
                    R"("firebase":{{"identities":{{}},"sign_in_provider":"custom"{}}}}})",
                    to_json_string(issuer_of(state_->project)), to_json_string(state_->project), issued,
                    to_json_string(who.uid()), to_json_string(who.uid()), issued, issued + lifetime.count(),
                    tenant_member(who));
    auto token = base64url_encode(as_bytes(header)) + '.' + base64url_encode(as_bytes(claims));
    const auto signature = sign(*state_->key, token);
    token += '.';
    token += base64url_encode(as_bytes(signature));
    return token;
}

const std::string& development_issuer::certificates() const noexcept {
    return state_->certificates;
}

} // namespace byot::auth
