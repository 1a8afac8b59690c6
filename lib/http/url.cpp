#include "http/url.hpp"

#include "core/encoding.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

namespace byot::http {
namespace {

namespace urls = boost::urls;

std::string to_lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
    return lower;
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

// An empty port stands for the scheme's own (RFC 3986 §3.2.3).
std::optional<std::uint16_t> port_of(const urls::url_view& address, bool is_tls) {
    if (!address.has_port() || address.port().empty()) return is_tls ? 443 : 80;
    const std::string_view text = address.port();
    std::uint16_t port = 0; // not port_number(): Boost 1.81 takes some that do not fit (99999)
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || stop != text.data() + text.size() || port == 0) return {};
    return port;
}

// Boost 1.81 takes "http://host:8x" for port 8 and path "x", against RFC 3986 §3.3.
bool is_path_whole(const urls::url_view& address) {
    const std::string_view path = address.encoded_path();
    return path.empty() || path.front() == '/';
}

std::string path_of(const urls::url_view& address) {
    std::string_view path = address.encoded_path();
    while (path.ends_with('/')) path.remove_suffix(1);
    return std::string(path);
}

} // namespace

std::optional<url> parse_url(std::string_view text) {
    const auto address = urls::parse_uri(text);
    if (!address || address->has_userinfo() || address->has_fragment() || !is_path_whole(*address)) return {};
    const bool is_tls = address->scheme_id() == urls::scheme::https;
    if (!is_tls && address->scheme_id() != urls::scheme::http) return {};
    auto host = host_of(*address);
    const auto port = port_of(*address, is_tls);
    if (!host || !port) return {};

    url parsed;
    parsed.origin = {is_tls, std::move(*host), *port};
    parsed.path = path_of(*address);
    parsed.query = std::string_view(address->encoded_query());
    return parsed;
}

} // namespace byot::http
