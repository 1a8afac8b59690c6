#include "core/url.hpp"

#include "core/encoding.hpp"

#include <arpa/inet.h>
#include <boost/throw_exception.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace byot {
namespace {

namespace urls = boost::urls;

std::string to_lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
    return lower;
}

bool is_http(const urls::url_view& address) {
    return address.scheme_id() == urls::scheme::http || address.scheme_id() == urls::scheme::https;
}

// A percent-encoded or versioned-literal host is legal and used by nobody.
std::optional<std::string> host_of(const urls::url_view& address) {
    const std::string_view encoded = address.encoded_host();
    if (encoded.empty() || encoded.find('%') != std::string_view::npos) return {};
    switch (address.host_type()) {
    case urls::host_type::ipv6:
        return to_lower_case(encoded.substr(1, encoded.size() - 2));
    case urls::host_type::ipv4:
    case urls::host_type::name:
        return to_lower_case(encoded);
    default:
        return {};
    }
}

/// Whether digits alone, or nothing, stand where the port of a text that is no URL does.
bool has_port_of_digits(std::string_view text) {
    auto authority = text.substr(std::min(text.find("://"), text.size()));
    authority.remove_prefix(std::min<std::size_t>(3, authority.size()));
    authority = authority.substr(0, authority.find_first_of("/?#"));
    const auto host = authority.substr(authority.rfind('@') + 1); // behind nothing: npos + 1 is 0
    const auto literal_end = host.find(']'); // of an IPv6 address, which has colons of its own
    const auto colon = host.find(':', literal_end == std::string_view::npos ? 0 : literal_end);
    return colon == std::string_view::npos ||
           host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

// An empty port stands for the scheme's own (RFC 3986 §3.2.3). Boost 1.81 takes some ports that do not fit
// (99999), and "8x" for port 8 and path "x", against RFC 3986 §3.3; Boost 1.83 finds no URL there.
std::optional<std::uint16_t> port_of(const urls::url_view& address, bool is_tls) {
    const std::string_view path = address.encoded_path();
    if (!path.empty() && path.front() != '/') return {};
    if (!address.has_port() || address.port().empty()) return is_tls ? 443 : 80;
    const std::string_view text = address.port();
    std::uint16_t port = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || stop != text.data() + text.size() || port == 0) return {};
    return port;
}

std::string path_of(const urls::url_view& address) {
    std::string_view path = address.encoded_path();
    while (path.ends_with('/')) path.remove_suffix(1);
    return std::string(path);
}

} // namespace

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
    in_addr v4{};
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
    in6_addr v6{};
    return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

void throw_exception_from_error(url_fault, const boost::source_location& where) {
    boost::throw_exception(std::invalid_argument("no http or https address"), where);
}

boost::system::result<url, url_fault> parse_url(std::string_view text) {
    const auto address = urls::parse_uri(text);
    if (!address && !has_port_of_digits(text)) return url_fault::port;
    if (!address || !is_http(*address)) return url_fault::no_http;
    const bool is_tls = address->scheme_id() == urls::scheme::https;
    auto host = host_of(*address);
    if (!host) return url_fault::host;
    const auto port = port_of(*address, is_tls);
    if (!port) return url_fault::port;
    if (address->has_userinfo()) return url_fault::user_information;
    if (address->has_fragment()) return url_fault::fragment;
    return url{{is_tls, std::move(*host), *port}, path_of(*address), std::string(address->encoded_query())};
}

} // namespace byot
