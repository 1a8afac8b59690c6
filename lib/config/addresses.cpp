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

struct url_rule {
    bool allows_query;
    bool allows_distant_http;
};

constexpr auto bad_port = "must have a port from 1 to 65535, or none";

complaint sentence_of(url_fault fault) {
    switch (fault) {
    case url_fault::no_http:
        return "must be an absolute http or https address, such as https://flows.example.com";
    case url_fault::host:
        return "must name a host, without percent-encoding";
    case url_fault::port:
        return bad_port;
    case url_fault::user_information:
        return "must not hold user information";
    case url_fault::fragment:
        return "must not have a fragment";
    }
    return {};
}

/// A ':' and no port behind it, which RFC 3986 allows and nobody means.
bool has_empty_port(std::string_view text) {
    const auto slashes = text.find("//");
    const auto authority = text.substr(slashes == std::string_view::npos ? 0 : slashes + 2);
    return authority.substr(0, authority.find_first_of("/?#")).ends_with(':');
}

complaint read_url(std::string_view text, url_rule rule, url_setting& into) {
    const auto address = parse_url(text);
    const bool has_port_fault = has_empty_port(text) && (address || address.error() > url_fault::port);
    if (has_port_fault) return bad_port;
    if (!address) return sentence_of(address.error());
    if (text.find('?') != std::string_view::npos && !rule.allows_query) return "must not have a query";
    if (!address->origin.is_tls && !rule.allows_distant_http && !is_loopback(address->origin.host))
        return "must be https; http is for loopback addresses only";
    into = {std::string(text), *address};
    return {};
}

bool has_valid_port(const urls::url_view& address) {
    const std::string_view path = address.encoded_path();
    if (!path.empty() && path.front() != '/') return false; // Boost 1.81 takes "8x" for port 8 and path "x"
    const auto port = parse_number(address.port());
    return !address.has_port() || (port && *port >= 1 && *port <= 65535);
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

complaint read_upstream_url(std::string_view text, url_setting& into) {
    return read_url(text, {false, true}, into);
}

complaint read_base_override(std::string_view text, url_setting& into) {
    return read_url(text, {false, false}, into);
}

complaint read_address_override(std::string_view text, url_setting& into) {
    return read_url(text, {true, false}, into);
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

complaint read_host_and_port(std::string_view text, url_setting& into) {
    if (text.find("//") != std::string_view::npos) return "must be host:port, without a scheme";
    const auto address = parse_url("http://" + std::string(text));
    if (!address || has_empty_port(text) || text.find_first_of("/?") != std::string_view::npos)
        return "must be host:port";
    into = {std::string(text), *address};
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
