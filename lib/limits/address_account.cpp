#include "limits/address_account.hpp"

#include "limits/client_address.hpp"

#include <algorithm>
#include <charconv>

namespace byot::limits {
namespace {

constexpr std::string_view entries_mark = "; entries=";
constexpr std::string_view hops_mark = "; hops=";

std::optional<unsigned> read_number(std::string_view text) {
    unsigned number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace

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

} // namespace byot::limits
