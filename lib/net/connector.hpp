#pragma once

#include "core/failure.hpp"
#include "core/task.hpp"
#include "core/url.hpp"
#include "net/connection.hpp"

#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace byot::net {

/// TLS 1.2 or newer, certificates verified against the system's store (SSL_CERT_FILE and SSL_CERT_DIR are
/// honoured as OpenSSL does). Immutable once made, so reactors share it.
std::shared_ptr<boost::asio::ssl::context> make_client_tls();

/// Opens connections: looks the name up (`name_lookup`), tries its addresses (`connect_operation::connect`:
/// RFC 8305), and for TLS shakes hands on the connection that came first, with SNI, and checks the
/// certificate's name.
class connector {
public:
    connector(reactor& home, std::shared_ptr<boost::asio::ssl::context> tls);
    ~connector();

    /// Failures: `upstream_unreachable` (name, refusal, TLS), `upstream_timeout` (not within `limit`),
    /// `overloaded` (no descriptor or memory left); the caller names its own reason. `where` must last until
    /// the task is awaited.
    task<result<std::unique_ptr<connection>>> connect(const origin& where, steady_time limit);

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace byot::net
