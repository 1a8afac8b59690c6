#include "net/connector.hpp"
#include "net/trust.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace byot::net {
namespace {

std::string variable_or(const char* name, const char* otherwise) {
    const char* const value = std::getenv(name);
    return value && *value ? value : otherwise;
}

bool has_certificates(const std::string& directory) {
    std::error_code error;
    return std::filesystem::directory_iterator(directory, error) != std::filesystem::directory_iterator();
}

// The system's certificates in one file cost 50 ms to read; from their directory the one that is needed is
// read when it is. So the file is left alone unless it is asked for, or all there is (an image without the
// directory).
void trust_the_system(SSL_CTX* context) {
    const auto directory = variable_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    const auto file = variable_or(X509_get_default_cert_file_env(), "");
    if (!file.empty()) {
        SSL_CTX_load_verify_file(context, file.c_str());
    } else if (!has_certificates(directory)) {
        SSL_CTX_set_default_verify_file(context);
    }
    SSL_CTX_load_verify_dir(context, directory.c_str());
}

bool begins_with_certificate(const std::string& file) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> opened(BIO_new_file(file.c_str(), "r"), &BIO_free);
    X509* const first = opened ? PEM_read_bio_X509_AUX(opened.get(), nullptr, nullptr, nullptr) : nullptr;
    X509_free(first);
    ERR_clear_error();
    return first != nullptr;
}

} // namespace

std::optional<std::string> why_nobody_is_trusted() {
    const auto directory = variable_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    const auto asked_for = variable_or(X509_get_default_cert_file_env(), "");
    const std::string file = asked_for.empty() ? X509_get_default_cert_file() : asked_for;
    if (has_certificates(directory) || begins_with_certificate(file)) return std::nullopt;
    return "no https address can be verified: there are no certificates in " + file + " nor in " + directory +
           " (Debian's package is ca-certificates)";
}

// A store that cannot be read trusts nobody: each connection then fails to verify, and says so.
std::shared_ptr<boost::asio::ssl::context> make_client_tls() {
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    trust_the_system(context->native_handle());
    context->set_verify_mode(boost::asio::ssl::verify_peer);
    return context;
}

} // namespace byot::net
