#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace byot::limits {

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
