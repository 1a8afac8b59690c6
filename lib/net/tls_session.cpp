#include "net/tls_session.hpp"

#include "net/socket_bio.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <new>

namespace byot::net {
namespace {

using kind = io_step::kind;

// The name that the certificate must carry; names go into SNI, addresses do not (RFC 6066 §3).
bool expect_name(SSL* ssl, const std::string& host) {
    boost::system::error_code not_an_address;
    const auto address = boost::asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), address.to_string().c_str()) == 1;
    }
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 && SSL_set1_host(ssl, host.c_str()) == 1;
}

} // namespace

std::unique_ptr<tls_session> tls_session::to(ssl_ctx_st* context, int fd, const std::string& host) {
    auto* const ssl = SSL_new(context);
    if (!ssl) throw std::bad_alloc();
    std::unique_ptr<tls_session> session(new tls_session(ssl));
    auto* const bio = make_socket_bio(fd);
    SSL_set_bio(ssl, bio, bio);
    static constexpr unsigned char http[] = "\x08http/1.1";
    SSL_set_alpn_protos(ssl, http, sizeof http - 1);
    SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                          SSL_MODE_RELEASE_BUFFERS);
    SSL_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_CLEANSE_PLAINTEXT);
    SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
    SSL_set_connect_state(ssl);
    if (!expect_name(ssl, host)) session->is_broken_ = true;
    return session;
}

tls_session::~tls_session() {
    SSL_free(ssl_);
}

tls_session::handshake_step tls_session::shake_hands() noexcept {
    if (is_broken_) return handshake_step::failed;
    ERR_clear_error();
    const auto returned = SSL_do_handshake(ssl_);
    if (returned == 1) return handshake_step::done;
    switch (SSL_get_error(ssl_, returned)) {
    case SSL_ERROR_WANT_READ:
        return handshake_step::wants_read;
    case SSL_ERROR_WANT_WRITE:
        return handshake_step::wants_write;
    default:
        break;
    }
    is_broken_ = true;
    error_ = ERR_peek_error();
    return handshake_step::failed;
}

std::string tls_session::fault() const {
    const auto verdict = SSL_get_verify_result(ssl_);
    if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
    const auto* const text = ERR_reason_error_string(error_);
    return text ? text : "the handshake was broken off";
}

io_step tls_session::step_of(int returned, std::size_t count) noexcept {
    if (returned == 1) return {kind::moved, false, count};
    const auto error = SSL_get_error(ssl_, returned);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return {kind::would_block, false, 0};
    if (error == SSL_ERROR_ZERO_RETURN) return {kind::ended, false, 0};
    is_broken_ = true;
    return {kind::failed, false, 0};
}

// An end without close_notify is a fault here: the message may have been cut by somebody between.
io_step tls_session::read(std::span<char> room) noexcept {
    if (is_broken_) return {kind::failed, false, 0};
    ERR_clear_error();
    std::size_t count = 0;
    const auto returned = SSL_read_ex(ssl_, room.data(), room.size(), &count);
    return step_of(returned, count);
}

io_step tls_session::write(std::string_view bytes) noexcept {
    if (is_broken_) return {kind::failed, false, 0};
    if (bytes.empty()) return {kind::moved, false, 0};
    ERR_clear_error();
    std::size_t count = 0;
    const auto returned = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &count);
    return step_of(returned, count);
}

void tls_session::end() noexcept {
    if (is_broken_) return;
    ERR_clear_error();
    SSL_shutdown(ssl_);
}

} // namespace byot::net
