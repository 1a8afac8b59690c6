#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace byot::limits {

/// Why the address of a request is its peer's, although proxies are trusted to name the client.
enum class forwarding_fault : std::uint8_t {
    none,
    too_few,    ///< X-Forwarded-For has fewer entries than there are trusted proxies
    no_address, ///< the entry is something else: "unknown", a name, nothing
};
/// As metrics and the log call it; empty for none.
std::string_view name_of(forwarding_fault fault) noexcept;

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

/// How a request's address came about, told to its caller in `x-byot-client-address`, so that a wrong
/// BYOT_TRUSTED_HOPS can be seen from outside. It says nothing that its caller does not know, but for how
/// many proxies there are.
struct address_account {
    std::string address;  ///< under which the request is counted and logged
    unsigned entries = 0; ///< of X-Forwarded-For, as they came
    unsigned hops = 0;    ///< BYOT_TRUSTED_HOPS
};

/// "203.0.113.9; entries=3; hops=2".
std::string to_text(const address_account& account);
/// Nothing when it is another text.
std::optional<address_account> read_address_account(std::string_view text);

/// How the account was come by.
struct address_question {
    std::span<const std::string_view> forged; ///< the entries that the request itself brought
    bool is_loopback = false;  ///< the service was asked on this machine, where inner addresses are right
    std::string_view expected; ///< the caller's own address, when it is known
};

enum class hop_verdict : std::uint8_t {
    right,
    too_high, ///< clients can make their address up
    too_low,  ///< clients share a proxy's address
    internal, ///< the address is a proxy's, and the count cannot tell why: one of them names no client
    other,    ///< than the one expected
};

/// How many entries are the proxies' own. When fewer came than were forged, a proxy writes the list anew, and
/// all that came are.
unsigned added_by_proxies(const address_account& account, const address_question& asked) noexcept;

/// Whether BYOT_TRUSTED_HOPS is the number of entries that proxies added, and the address may be the
/// client's.
hop_verdict judge_hops(const address_account& account, const address_question& asked);

} // namespace byot::limits
