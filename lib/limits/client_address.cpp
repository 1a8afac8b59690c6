#include "limits/client_address.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <arpa/inet.h>

namespace byot::limits {
namespace {

/// An IPv6 address; IPv4 as RFC 4291 §2.5.5.2 maps it.
using address = std::array<unsigned char, 16>;

constexpr address mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t mapped_at = 12;

bool is_v4(const address& a) {
    return std::equal(a.begin(), a.begin() + mapped_at, mapped_prefix.begin());
}

std::optional<address> parse(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::copy(text.begin(), text.end(), terminated.begin());
    address parsed = mapped_prefix;
    if (inet_pton(AF_INET, terminated.data(), parsed.data() + mapped_at) == 1) return parsed;
    if (inet_pton(AF_INET6, terminated.data(), parsed.data()) == 1) return parsed;
    return std::nullopt;
}

std::string format(const address& a) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_v4(a)) {
        inet_ntop(AF_INET, a.data() + mapped_at, text.data(), text.size());
    } else {
        inet_ntop(AF_INET6, a.data(), text.data(), text.size());
    }
    return text.data();
}

std::string_view trim(std::string_view text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/// The entry that many from the right; empty when there are fewer.
std::string_view entry_from_right(std::string_view list, unsigned place) {
    for (; place > 1; --place) {
        const auto comma = list.rfind(',');
        if (comma == std::string_view::npos) return {};
        list = list.substr(0, comma);
    }
    const auto comma = list.rfind(',');
    return trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

} // namespace

std::string client_address(std::string_view peer, std::string_view x_forwarded_for, unsigned trusted_hops) {
    if (trusted_hops > 0) {
        if (const auto named = parse(entry_from_right(x_forwarded_for, trusted_hops))) return format(*named);
    }
    const auto parsed = parse(peer);
    return parsed ? format(*parsed) : std::string(peer);
}

std::string bucket_name(std::string_view text) {
    auto parsed = parse(text);
    if (!parsed) return std::string(text);
    if (is_v4(*parsed)) return format(*parsed);
    std::fill(parsed->begin() + 8, parsed->end(), static_cast<unsigned char>(0));
    return format(*parsed) + "/64";
}

} // namespace byot::limits
