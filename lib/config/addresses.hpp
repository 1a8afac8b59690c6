#pragma once

#include "config/variables.hpp"

#include <string>
#include <string_view>

namespace byot::config {

/// The upstream's base: http or https, a path allowed, no user information, query or fragment. These readers
/// leave `into` alone when they complain.
complaint read_upstream_url(std::string_view text, url_setting& into);
/// A base in place of a vendor's: as an upstream's, but http only to loopback.
complaint read_base_override(std::string_view text, url_setting& into);
/// A whole address in place of a vendor's: a query is allowed too.
complaint read_address_override(std::string_view text, url_setting& into);

/// An origin as browsers write it (Fetch standard, serialized origin): `scheme://host[:port]`, in lower case,
/// the scheme's own port left out, since it is compared byte for byte.
complaint check_origin(std::string_view text);

/// `host` or `host:port`, as the emulators' variables have it, never with a scheme.
complaint read_host_and_port(std::string_view text, url_setting& into);

/// An IPv4 or IPv6 address.
complaint check_bind_address(std::string_view text);

/// Whether only this machine reaches a listener on that IPv4 or IPv6 address: 127.0.0.0/8, ::1, and the
/// former as IPv6 writes it (::ffff:127.0.0.1).
bool is_loopback_address(std::string_view text);

/// Whether a listener on it listens on every address of the machine: 0.0.0.0 and ::, in any spelling.
bool is_every_address(std::string_view text);

/// The address with its user information and query hidden.
std::string mask_url(std::string_view address);

} // namespace byot::config
