#include "net/tls_session.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
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

int descriptor_of(BIO* bio) noexcept {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int write_bytes(BIO* bio, const char* bytes, int count) {
    BIO_clear_retry_flags(bio);
    const auto step = write_now(descriptor_of(bio), {bytes, static_cast<std::size_t>(count)});
    if (step.what == io_step::kind::moved) return static_cast<int>(step.count);
    if (step.what == io_step::kind::would_block) BIO_set_retry_write(bio);
    return -1;
}

int read_bytes(BIO* bio, char* room, int size) {
    BIO_clear_retry_flags(bio);
    const auto step = read_now(descriptor_of(bio), {room, static_cast<std::size_t>(size)}, false);
    switch (step.what) {
    case io_step::kind::moved:
        return static_cast<int>(step.count);
    case io_step::kind::ended:
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
        return 0;
    case io_step::kind::would_block:
        BIO_set_retry_read(bio);
        return -1;
    default:
        return -1;
    }
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) ? 1 : 0;
    return 0;
}

BIO_METHOD* make_method() {
    auto* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "byot socket");
    if (!method) throw std::bad_alloc();
    BIO_meth_set_write(method, write_bytes);
    BIO_meth_set_read(method, read_bytes);
    BIO_meth_set_ctrl(method, control);
    return method;
}

struct free_method {
    void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};

/// OpenSSL's way to the socket, as its own but never blocking and never raising SIGPIPE. Does not own `fd`.
/// Throws std::bad_alloc.
BIO* make_socket_bio(int fd) {
    static const std::unique_ptr<BIO_METHOD, free_method> method(make_method());
    auto* const bio = BIO_new(method.get());
    if (!bio) throw std::bad_alloc();
    // NOLINTNEXTLINE(performance-no-int-to-ptr): OpenSSL keeps a pointer, which a descriptor fits in
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
    BIO_set_init(bio, 1);
    return bio;
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
