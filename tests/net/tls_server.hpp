#pragma once

#include "net/raw_socket.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace byot::net::testing {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using tls_context_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using tls_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;

/// What a certificate made for a test says.
struct certificate_wish {
    std::string names = "DNS:localhost,IP:127.0.0.1"; ///< subjectAltName
    long valid_from = -3600;                          ///< seconds from now
    long valid_until = 3600;
};

/// A certificate of its own authority with its key.
struct identity {
    key_ptr key;
    certificate_ptr certificate;
};

inline identity make_identity(const certificate_wish& wish) {
    identity made{key_ptr(EVP_EC_gen("P-256")), certificate_ptr(X509_new())};
    auto* const x = made.certificate.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), wish.valid_from);
    X509_gmtime_adj(X509_getm_notAfter(x), wish.valid_until);
    const auto* const name = reinterpret_cast<const unsigned char*>("byot test");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, name, -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_set_pubkey(x, made.key.get());
    auto* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, wish.names.c_str());
    BOOST_REQUIRE(names);
    X509_add_ext(x, names, -1);
    X509_EXTENSION_free(names);
    BOOST_REQUIRE(X509_sign(x, made.key.get(), EVP_sha256()) > 0);
    return made;
}

/// Serves one TLS connection on a thread, by OpenSSL's blocking functions.
class tls_server {
public:
    using conversation = std::function<void(SSL*, raw_socket&)>;

    tls_server(const identity& who, conversation talk)
        : context_(SSL_CTX_new(TLS_server_method())), talk_(std::move(talk)) {
        SSL_CTX_use_certificate(context_.get(), who.certificate.get());
        SSL_CTX_use_PrivateKey(context_.get(), who.key.get());
        SSL_CTX_set_alpn_select_cb(context_.get(), choose_http, nullptr);
        thread_ = std::thread([this] { serve(); });
    }
    ~tls_server() { thread_.join(); }

    std::uint16_t port() const { return listener_.port(); }
    /// After the end of the conversation.
    void join() {
        thread_.join();
        thread_ = std::thread([] {});
    }
    std::string server_name; ///< SNI
    std::string protocol;    ///< ALPN
    bool is_trusted = false; ///< the client finished its handshake

private:
    static int choose_http(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                           unsigned in_size, void*) {
        static constexpr unsigned char http[] = "\x08http/1.1";
        const auto chosen = SSL_select_next_proto(const_cast<unsigned char**>(out), out_size, http,
                                                  sizeof http - 1, in, in_size);
        return chosen == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
    }

    void serve() {
        auto client = listener_.accept();
        const tls_ptr tls(SSL_new(context_.get()));
        SSL_set_fd(tls.get(), client.native());
        if (SSL_accept(tls.get()) != 1) return;
        if (const auto* const name = SSL_get_servername(tls.get(), TLSEXT_NAMETYPE_host_name))
            server_name = name;
        const unsigned char* chosen = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(tls.get(), &chosen, &size);
        protocol.assign(reinterpret_cast<const char*>(chosen), size);
        is_trusted = true;
        talk_(tls.get(), client);
    }

    raw_listener listener_;
    tls_context_ptr context_;
    conversation talk_;
    std::thread thread_;
};

} // namespace byot::net::testing
