#include "free_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <stdexcept>

namespace byot::app {

void require_free_port(const std::string& address, std::uint16_t port) {
    using boost::asio::ip::tcp;
    if (port == 0) return;
    boost::system::error_code error;
    const auto where = boost::asio::ip::make_address(address, error);
    if (error) throw std::runtime_error("BYOT_BIND is no address: " + address);
    boost::asio::io_context context;
    tcp::acceptor probe(context);
    probe.open(where.is_v4() ? tcp::v4() : tcp::v6());
    probe.set_option(tcp::acceptor::reuse_address(true));
    probe.bind({where, port}, error);
    if (!error) probe.listen(1, error);
    if (error)
        throw std::runtime_error(fmt::format("cannot listen on {}:{}: {}", address, port, error.message()));
}

} // namespace byot::app
