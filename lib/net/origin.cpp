#include "net/origin.hpp"

#include "core/encoding.hpp"

#include <boost/asio/ip/address.hpp>

namespace byot::net {

std::string authority(const origin& where) {
    const bool is_ipv6 = where.host.find(':') != std::string::npos;
    auto text = is_ipv6 ? "[" + where.host + "]" : where.host;
    const std::uint16_t own_port = where.is_tls ? 443 : 80;
    if (where.port != own_port) text += ":" + std::to_string(where.port);
    return text;
}

bool is_localhost(std::string_view host) noexcept {
    constexpr std::string_view name = "localhost";
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.size() < name.size()) return false;
    const auto front = host.substr(0, host.size() - name.size());
    return equals_ignoring_case(host.substr(front.size()), name) && (front.empty() || front.ends_with('.'));
}

bool is_loopback(const std::string& host) noexcept {
    if (equals_ignoring_case(host, "localhost")) return true;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    return !error && address.is_loopback();
}

} // namespace byot::net
