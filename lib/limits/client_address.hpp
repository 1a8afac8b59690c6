#pragma once

#include <string>
#include <string_view>

namespace byot::limits {

/// Whose request this is: the entry `trusted_hops` from the right of X-Forwarded-For (1 = the last), or the
/// peer when hops is 0. An entry that is not an address, or too few entries, leaves the peer. IPv4-mapped
/// IPv6 is IPv4.
std::string client_address(std::string_view peer, std::string_view x_forwarded_for, unsigned trusted_hops);

/// The name its bucket has: IPv4 whole, IPv6 by its /64.
std::string bucket_name(std::string_view address);

} // namespace byot::limits
