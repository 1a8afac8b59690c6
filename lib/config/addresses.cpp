#include "config/addresses.hpp"

#include "config/quantities.hpp"
#include "core/encoding.hpp"

#include <arpa/inet.h>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace byot::config {
namespace {

namespace urls = boost::urls;

bool is_loopback(const urls::url_view& address) {
    switch (address.host_type()) {
    case urls::host_type::ipv4:
        return address.host_ipv4_address().is_loopback();
    case urls::host_type::ipv6:
        return address.host_ipv6_address().is_loopback();
    case urls::host_type::name:
        return equals_ignoring_case(address.host_name(), "localhost");
    default:
        return false;
    }
}

// A percent-encoded host or an address of a future version is legal and used by nobody; what asks such a host
// does not take it.
bool has_plain_host(const urls::url_view& address) {
    const std::string_view host = address.encoded_host();
    return !host.empty() && host.find('%') == std::string_view::npos &&
           address.host_type() != urls::host_type::ipvfuture;
}

constexpr auto bad_port = "must have a port from 1 to 65535, or none";

/// Whether digits alone, or nothing, stand where a URL's port does.
bool has_port_of_digits(std::string_view url) {
    auto authority = url.substr(std::min(url.find("://"), url.size()));
    authority.remove_prefix(std::min<std::size_t>(3, authority.size()));
    authority = authority.substr(0, authority.find_first_of("/?#"));
    const auto host = authority.substr(authority.rfind('@') + 1); // behind nothing: npos + 1 is 0
    const auto literal_end = host.find(']'); // of an IPv6 address, which has colons of its own
    const auto colon = host.find(':', literal_end == std::string_view::npos ? 0 : literal_end);
    return colon == std::string_view::npos ||
           host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

// Boost 1.81 takes some ports that do not fit (99999), and "8x" for port 8 and path "x"; 1.83 finds no URL
// there.
bool has_valid_port(const urls::url_view& address) {
    const std::string_view path = address.encoded_path();
    if (!path.empty() && path.front() != '/') return false;
    const auto port = parse_number(address.port());
    return !address.has_port() || (port && *port >= 1 && *port <= 65535);
}

bool is_http(const urls::url_view& address) {
    return address.scheme_id() == urls::scheme::http || address.scheme_id() == urls::scheme::https;
}

struct url_rule {
    bool allows_query;
    bool allows_distant_http;
};

complaint check_url(std::string_view text, url_rule rule) {
    const auto parsed_url = urls::parse_uri(text);
    if (!parsed_url && !has_port_of_digits(text)) return bad_port;
    if (!parsed_url || !is_http(*parsed_url))
        return "must be an absolute http or https address, such as https://flows.example.com";
    const auto& address = *parsed_url;
    if (!has_plain_host(address)) return "must name a host, without percent-encoding";
    if (!has_valid_port(address)) return bad_port;
    if (address.has_userinfo()) return "must not hold user information";
    if (address.has_fragment()) return "must not have a fragment";
    if (address.has_query() && !rule.allows_query) return "must not have a query";
    if (address.scheme_id() == urls::scheme::http && !rule.allows_distant_http && !is_loopback(address))
        return "must be https; http is for loopback addresses only";
    return {};
}

bool has_upper_case(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_own_port(const urls::url_view& address) {
    return (address.scheme_id() == urls::scheme::http && address.port() == "80") ||
           (address.scheme_id() == urls::scheme::https && address.port() == "443");
}

complaint check_origin_parts(const urls::url_view& origin) {
    if (origin.has_userinfo()) return "must not hold user information";
    if (!origin.encoded_path().empty() || origin.has_query() || origin.has_fragment())
        return "must end after the host or port: no path, not even a slash";
    if (!has_valid_port(origin)) return bad_port;
    if (is_own_port(origin)) return "must leave the scheme's own port out, as browsers do";
    return {};
}

} // namespace

complaint check_upstream_url(std::string_view text) {
    return check_url(text, {false, true});
}

complaint check_base_override(std::string_view text) {
    return check_url(text, {false, false});
}

complaint check_address_override(std::string_view text) {
    return check_url(text, {true, false});
}

complaint check_origin(std::string_view text) {
    if (text == "*") return "must be an exact origin; * would let every page call";
    if (text == "null") return "must be an exact origin; null is what every sandboxed page sends";
    if (text.find_first_of("\"'[]") == 0) return "must be in neither quotes nor brackets";
    if (text.find_first_of(" ;") != std::string_view::npos) return "must be parted from the next by a comma";
    if (!is_ascii(text)) return "must be in ASCII, as browsers write it: xn--";
    if (has_upper_case(text)) return "must be in lower case, as browsers write it";
    const auto origin = urls::parse_uri(text);
    if (!origin || !origin->has_authority() || origin->encoded_host().empty() ||
        origin->encoded_host().find('%') != std::string_view::npos)
        return "must have the form scheme://host or scheme://host:port";
    if (origin->encoded_host().find('*') != std::string_view::npos) return "must not hold a wildcard";
    return check_origin_parts(*origin);
}

complaint check_host_and_port(std::string_view text) {
    if (text.find("//") != std::string_view::npos) return "must be host:port, without a scheme";
    const auto with_scheme = "http://" + std::string(text); // what is parsed refers to it
    const auto address = urls::parse_uri(with_scheme);
    if (!address || !has_plain_host(*address) || !address->encoded_path().empty() ||
        address->has_userinfo() || address->has_query() || address->has_fragment() ||
        !has_valid_port(*address))
        return "must be host:port";
    return {};
}

complaint check_bind_address(std::string_view text) {
    const std::string address(text);
    in6_addr bytes{};
    if (inet_pton(AF_INET, address.c_str(), &bytes) == 1 || inet_pton(AF_INET6, address.c_str(), &bytes) == 1)
        return {};
    return "must be an IPv4 or IPv6 address, without a port: 0.0.0.0, 127.0.0.1 or ::, say";
}

bool is_loopback_address(std::string_view text) {
    const std::string address(text);
    in_addr v4{};
    if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
    in6_addr v6{};
    if (inet_pton(AF_INET6, address.c_str(), &v6) != 1) return false;
    return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

bool is_every_address(std::string_view text) {
    const std::string address(text);
    in_addr v4{};
    if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return v4.s_addr == INADDR_ANY;
    in6_addr v6{};
    return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6);
}

bool is_plain_http(std::string_view address) noexcept {
    return equals_ignoring_case(address.substr(0, 5), "http:");
}

// By hand and not by a parser: what does not parse must be masked too.
std::string mask_url(std::string_view address) {
    std::string masked(address);
    if (const auto tail = masked.find_first_of("?#"); tail != std::string::npos)
        masked.replace(tail + 1, std::string::npos, "***");
    const auto slashes = masked.find("//");
    const auto begin = slashes == std::string::npos ? 0 : slashes + 2;
    const auto end = std::min(masked.find_first_of("/?#", begin), masked.size());
    const auto at = masked.rfind('@', end);
    if (at != std::string::npos && at >= begin) masked.replace(begin, at - begin, "***");
    return masked;
}

} // namespace byot::config
