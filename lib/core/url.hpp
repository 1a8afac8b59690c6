#pragma once

#include <boost/system/result.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace byot {

/// Where a connection goes: scheme, host and port (RFC 6454 §4).
struct origin {
    bool is_tls = false;
    std::string host; ///< a name or an address, in lower case; IPv6 without brackets
    std::uint16_t port = 0;

    auto operator<=>(const origin&) const = default;
};

/// As in a Host field: the port only when it is not the scheme's own, IPv6 in brackets.
std::string authority(const origin& where);

/// Whether a name is this machine's by definition, whatever a resolver says: localhost, or a name that ends
/// in it, perhaps with the root's dot (RFC 6761 §6.3).
bool is_localhost(std::string_view host) noexcept;

/// 127.0.0.0/8, ::1 or localhost.
bool is_loopback(const std::string& host) noexcept;

/// An absolute http or https address.
struct url {
    byot::origin origin;
    std::string path;  ///< as given, without a trailing '/', so a path can be put behind it; may be empty
    std::string query; ///< without '?'

    auto operator<=>(const url&) const = default;
};

/// Why a text is no such address; the first that holds, in this order.
enum class url_fault : std::uint8_t {
    no_http,          ///< not absolute, not http or https, or against RFC 3986
    host,             ///< none, percent-encoded, or a literal of a future version (RFC 3986 §3.2.2)
    port,             ///< not a number from 1 to 65535
    user_information, ///< before an '@'
    fragment,         ///< behind a '#', an empty one too
};
[[noreturn]] void throw_exception_from_error(url_fault fault, const boost::source_location& where);

/// Reads an address by RFC 3986. This is the one place where a URL is taken apart.
boost::system::result<url, url_fault> parse_url(std::string_view text);

} // namespace byot
