#pragma once

#include "net/stream_io.hpp"

#include <memory>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace byot::net {

/// TLS over a socket that does not block, by OpenSSL, without copies of its own.
class tls_session {
public:
    /// A client's: `host` is checked against the certificate and, unless it is an address, sent as SNI.
    static std::unique_ptr<tls_session> to(ssl_ctx_st* context, int fd, const std::string& host);
    ~tls_session();
    tls_session(const tls_session&) = delete;
    tls_session& operator=(const tls_session&) = delete;

    enum class handshake_step { done, wants_read, wants_write, failed };
    handshake_step shake_hands() noexcept;
    /// Why the handshake failed, for a person.
    std::string fault() const;

    io_step read(std::span<char> room) noexcept;
    io_step write(std::string_view bytes) noexcept;
    /// Sends close_notify where that does not block.
    void end() noexcept;

private:
    explicit tls_session(ssl_st* ssl) noexcept : ssl_(ssl) {}
    io_step step_of(int returned, std::size_t count) noexcept;

    ssl_st* ssl_;
    bool is_broken_ = false;
    unsigned long error_ = 0;
};

} // namespace byot::net
