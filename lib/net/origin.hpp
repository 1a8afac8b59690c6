#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace byot::net {

/// Where a connection goes: scheme, host and port (RFC 6454 §4).
struct origin {
    bool is_tls = false;
    std::string host; ///< a name or an address; IPv6 without brackets
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

} // namespace byot::net
