#include "net/connector.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

namespace byot::net {

std::shared_ptr<boost::asio::ssl::context> make_client_tls() {
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->set_default_verify_paths();
    context->set_verify_mode(boost::asio::ssl::verify_peer);
    return context;
}

} // namespace byot::net
