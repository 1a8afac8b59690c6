#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace byot::limits {

/// Why the address of a request is its peer's, although proxies are trusted to name the client.
enum class forwarding_fault : std::uint8_t {
    none,
    too_few,    ///< X-Forwarded-For has fewer entries than there are trusted proxies
    no_address, ///< the entry is something else: "unknown", a name, nothing
};

struct client {
    std::string address;
    forwarding_fault fault = forwarding_fault::none;
};

/// Whose request this is: the entry `trusted_hops` from the right of X-Forwarded-For (1 = the last), all its
/// lines joined, or the peer when hops is 0 or there is a fault. An empty entry is an entry: a proxy that
/// wrote nothing must not make its client's the one that counts. Addresses are taken as proxies write them:
/// with a port, in brackets, with a zone, in quotes, behind "for=" (RFC 7239 §4); one spelling comes out,
/// and IPv4-mapped IPv6 is IPv4.
client client_address(std::string_view peer, std::string_view x_forwarded_for, unsigned trusted_hops);

/// How many entries X-Forwarded-For has, all its lines joined; an empty one counts.
unsigned entry_count(std::string_view x_forwarded_for) noexcept;

/// Whether no client out in the internet has that address: loopback, private (RFC 1918, 6598, 4193),
/// link-local, unspecified, or one of the front ends from which Google's load balancers call
/// (https://cloud.google.com/load-balancing/docs/health-checks#firewall_rules). True of what is no address.
bool is_internal(std::string_view address);

/// The name its bucket has: IPv4 whole, IPv6 by its /64.
std::string bucket_name(std::string_view address);

} // namespace byot::limits
