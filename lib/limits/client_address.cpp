#include "limits/client_address.hpp"

#include "core/encoding.hpp"

#include <algorithm>
#include <array>
#include <charconv>
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

/// The entry that many from the right; nothing when there are fewer.
std::optional<std::string_view> entry_from_right(std::string_view list, unsigned place) {
    if (trim(list).empty()) return std::nullopt;
    for (; place > 1; --place) {
        const auto comma = list.rfind(',');
        if (comma == std::string_view::npos) return std::nullopt;
        list = list.substr(0, comma);
    }
    const auto comma = list.rfind(',');
    return trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

/// The node of an element that is written as Forwarded writes it: `for="[2001:db8::1]:4711";proto=https`.
std::string_view node_of(std::string_view entry) {
    constexpr std::string_view parameter = "for=";
    if (equals_ignoring_case(entry.substr(0, parameter.size()), parameter)) {
        entry.remove_prefix(parameter.size());
        entry = trim(entry.substr(0, entry.find(';')));
    }
    const bool is_quoted = entry.size() >= 2 && entry.front() == '"' && entry.back() == '"';
    return is_quoted ? entry.substr(1, entry.size() - 2) : entry;
}

/// What a zone or a hidden port is named by (RFC 6874 §2, RFC 7239 §6.3).
bool is_name(std::string_view text) {
    constexpr std::string_view characters =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~%";
    return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

/// `port` of RFC 7239 §6: digits, or a name that hides it.
bool is_port(std::string_view text) {
    constexpr std::size_t most_digits = 5;
    constexpr std::string_view digits = "0123456789";
    if (text.starts_with('_')) return is_name(text.substr(1));
    return text.size() <= most_digits && text.find_first_not_of(digits) == std::string_view::npos;
}

/// An address with the zone cut off that is one interface's of another machine (RFC 4007 §11).
std::optional<address> parse_zoned(std::string_view text) {
    const auto percent = text.find('%');
    if (percent == std::string_view::npos) return parse(text);
    const auto parsed = is_name(text.substr(percent + 1)) ? parse(text.substr(0, percent)) : std::nullopt;
    return parsed && !is_v4(*parsed) ? parsed : std::nullopt;
}

/// `[address]` and whatever follows the bracket.
std::optional<address> parse_bracketed(std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto rest = text.substr(end + 1);
    if (!rest.empty() && !(rest.front() == ':' && is_port(rest.substr(1)))) return std::nullopt;
    const auto inside = text.substr(1, end - 1);
    return inside.find(':') == std::string_view::npos ? std::nullopt : parse_zoned(inside);
}

bool has_eight_groups_and_port(std::string_view text) {
    constexpr auto colons = 8;
    return std::count(text.begin(), text.end(), ':') == colons && text.find("::") == std::string_view::npos;
}

/// An address with or without port. Behind IPv6 without brackets a port is told from a group only when all
/// eight are there, or the last two are written as IPv4.
std::optional<address> parse_node(std::string_view text) {
    if (text.starts_with('[')) return parse_bracketed(text);
    if (const auto parsed = parse_zoned(text)) return parsed;
    const auto last = text.rfind(':');
    if (last == std::string_view::npos || !is_port(text.substr(last + 1))) return std::nullopt;
    const auto host = text.substr(0, last);
    if (host.find('.') == std::string_view::npos && !has_eight_groups_and_port(text)) return std::nullopt;
    return parse(host);
}

/// Addresses that begin with the same bits.
struct range {
    std::string_view first;
    unsigned bits;
};

constexpr unsigned v4 = 96; ///< bits in front of a mapped IPv4 address
constexpr range internal_ranges[] = {
    {"0.0.0.0", v4 + 8},
    {"10.0.0.0", v4 + 8},
    {"100.64.0.0", v4 + 10},
    {"127.0.0.0", v4 + 8},
    {"169.254.0.0", v4 + 16},
    {"172.16.0.0", v4 + 12},
    {"192.168.0.0", v4 + 16},
    {"35.191.0.0", v4 + 16},
    {"130.211.0.0", v4 + 22},
    {"::", 127},
    {"fc00::", 7},
    {"fe80::", 10},
};

bool begins_alike(const address& a, const address& b, unsigned bits) {
    constexpr unsigned of_byte = 8;
    for (unsigned at = 0; at < bits; ++at) {
        const auto mask = static_cast<unsigned char>(0x80U >> at % of_byte);
        if ((a[at / of_byte] & mask) != (b[at / of_byte] & mask)) return false;
    }
    return true;
}

std::string spelled(std::string_view text) {
    const auto parsed = parse_zoned(text);
    return parsed ? format(*parsed) : std::string(text);
}

constexpr std::string_view entries_mark = "; entries=";
constexpr std::string_view hops_mark = "; hops=";

std::optional<unsigned> read_number(std::string_view text) {
    unsigned number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace

client client_address(std::string_view peer, std::string_view x_forwarded_for, unsigned trusted_hops) {
    if (trusted_hops == 0) return {spelled(peer)};
    const auto entry = entry_from_right(x_forwarded_for, trusted_hops);
    if (!entry) return {spelled(peer), forwarding_fault::too_few};
    if (const auto named = parse_node(node_of(*entry))) return {format(*named)};
    return {spelled(peer), forwarding_fault::no_address};
}

unsigned entry_count(std::string_view list) noexcept {
    if (trim(list).empty()) return 0;
    return static_cast<unsigned>(std::count(list.begin(), list.end(), ',')) + 1;
}

bool is_internal(std::string_view text) {
    const auto parsed = parse_zoned(text);
    if (!parsed) return true;
    return std::any_of(std::begin(internal_ranges), std::end(internal_ranges), [&](const range& each) {
        return begins_alike(*parsed, *parse(each.first), each.bits);
    });
}

std::string bucket_name(std::string_view text) {
    auto parsed = parse(text);
    if (!parsed) return std::string(text);
    if (is_v4(*parsed)) return format(*parsed);
    std::fill(parsed->begin() + 8, parsed->end(), static_cast<unsigned char>(0));
    return format(*parsed) + "/64";
}

std::string to_text(const address_account& account) {
    return account.address + std::string(entries_mark) + std::to_string(account.entries) +
           std::string(hops_mark) + std::to_string(account.hops);
}

std::optional<address_account> read_address_account(std::string_view text) {
    const auto first = text.find(entries_mark);
    const auto second = text.find(hops_mark);
    if (first == text.npos || second == text.npos || second < first) return std::nullopt;
    const auto from = first + entries_mark.size();
    const auto entries = read_number(text.substr(from, second - from));
    const auto hops = read_number(text.substr(second + hops_mark.size()));
    if (!entries || !hops) return std::nullopt;
    return address_account{std::string(text.substr(0, first)), *entries, *hops};
}

unsigned added_by_proxies(const address_account& account, const address_question& asked) noexcept {
    const auto own = static_cast<unsigned>(asked.forged.size());
    return account.entries >= own ? account.entries - own : account.entries;
}

hop_verdict judge_hops(const address_account& account, const address_question& asked) {
    if (std::ranges::find(asked.forged, account.address) != asked.forged.end()) return hop_verdict::too_high;
    const auto added = added_by_proxies(account, asked);
    if (account.hops != added) return account.hops > added ? hop_verdict::too_high : hop_verdict::too_low;
    if (!asked.expected.empty())
        return account.address == asked.expected ? hop_verdict::right : hop_verdict::other;
    if (!asked.is_loopback && is_internal(account.address)) return hop_verdict::internal;
    return hop_verdict::right;
}

std::string_view name_of(forwarding_fault fault) noexcept {
    switch (fault) {
    case forwarding_fault::none:
        return {};
    case forwarding_fault::too_few:
        return "too_few";
    case forwarding_fault::no_address:
        return "no_address";
    }
    return {};
}

} // namespace byot::limits
