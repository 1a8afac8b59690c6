#include "config/quantities.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <span>

namespace byot::config {
namespace {

using std::chrono::milliseconds;

struct unit {
    std::string_view name;
    std::uint64_t worth;
};

constexpr std::array time_units{unit{"ms", 1}, unit{"s", 1000}, unit{"m", 60'000}, unit{"h", 3'600'000}};
constexpr std::array size_units{unit{"k", 1024}, unit{"m", 1024 * 1024}};
constexpr std::array rate_units{unit{"/s", 1}, unit{"/m", 60}, unit{"/h", 3600}};

constexpr std::uint64_t longest = 1000ull * 24 * 3'600'000;
constexpr std::uint64_t largest = 1024ull * 1024 * 1024 * 1024;
constexpr std::uint64_t fastest = 1'000'000;

struct quantity {
    std::uint64_t number;
    std::uint64_t worth;
};

std::optional<quantity> parse_quantity(std::string_view text, std::span<const unit> units) noexcept {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number(text.substr(0, digits));
    for (const auto& u : units) {
        if (number && text.substr(digits) == u.name) return quantity{*number, u.worth};
    }
    return {};
}

std::optional<std::uint64_t> parse_product(std::string_view text, std::span<const unit> units,
                                           std::uint64_t most) noexcept {
    const auto q = parse_quantity(text, units);
    if (!q || q->number > most / q->worth) return {};
    return q->number * q->worth;
}

} // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
    std::uint64_t number = 0;
    const auto* const begin = text.data();
    const auto* const end = begin + text.size();
    const auto [stop, error] = std::from_chars(begin, end, number);
    if (error != std::errc() || stop != end) return {};
    return number;
}

std::optional<milliseconds> parse_duration(std::string_view text) noexcept {
    const auto count = parse_product(text, time_units, longest);
    if (!count) return {};
    return milliseconds(*count);
}

std::string format_duration(milliseconds time) {
    const auto count = time.count();
    if (count != 0 && count % 3'600'000 == 0) return fmt::format("{}h", count / 3'600'000);
    return count % 1000 == 0 ? fmt::format("{}s", count / 1000) : fmt::format("{}ms", count);
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
    return parse_product(text, size_units, largest);
}

std::string format_size(std::uint64_t bytes) {
    constexpr std::uint64_t mega = 1024 * 1024;
    if (bytes != 0 && bytes % mega == 0) return fmt::format("{}m", bytes / mega);
    return bytes % 1024 == 0 ? fmt::format("{}k", bytes / 1024) : fmt::format("{}", bytes);
}

std::optional<rate> parse_rate(std::string_view text) noexcept {
    const auto q = parse_quantity(text, rate_units);
    if (!q || q->number == 0 || q->number > fastest) return {};
    return rate{static_cast<std::uint32_t>(q->number), std::chrono::seconds(q->worth)};
}

std::string format_rate(const std::optional<rate>& limit) {
    if (!limit) return "off";
    for (const auto& u : rate_units) {
        if (std::chrono::seconds(u.worth) == limit->period) return fmt::format("{}{}", limit->count, u.name);
    }
    return fmt::format("{}/{}s", limit->count, limit->period.count());
}

} // namespace byot::config
