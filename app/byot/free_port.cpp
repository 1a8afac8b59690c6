#include "free_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <cerrno>

namespace byot::app {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

error_code bind_for_a_moment(const boost::asio::ip::address& address, std::uint16_t port) {
    error_code error;
    boost::asio::io_context context;
    tcp::acceptor probe(context);
    probe.open(address.is_v4() ? tcp::v4() : tcp::v6(), error);
    if (!error) probe.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) probe.bind({address, port}, error);
    return error;
}

std::string sentence_of(const error_code& error) {
    switch (error.value()) {
    case EADDRINUSE:
        return "another program does (Address already in use)";
    case EADDRNOTAVAIL:
        return "that is no address of this machine";
    case EACCES:
        return "that port needs root or CAP_NET_BIND_SERVICE (Permission denied)";
    case EAFNOSUPPORT:
        return "this machine has no addresses of that family";
    default:
        return error.message();
    }
}

} // namespace

std::string cannot_listen(const std::string& address, std::uint16_t port, const error_code& why) {
    const bool has_colons = address.find(':') != std::string::npos;
    return fmt::format("cannot listen on {}{}{}:{}: {}", has_colons ? "[" : "", address,
                       has_colons ? "]" : "", port, sentence_of(why));
}

std::optional<port_problem> why_no_listener(const std::string& address, std::uint16_t port) {
    error_code error;
    const auto where = boost::asio::ip::make_address(address, error);
    if (!error) error = bind_for_a_moment(where, port);
    if (!error) return std::nullopt;
    return port_problem{cannot_listen(address, port, error), error.value() == EADDRINUSE};
}

} // namespace byot::app
