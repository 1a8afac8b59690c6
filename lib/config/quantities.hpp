#pragma once

#include "config/configuration.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace byot::config {

/// Decimal digits only; nothing when it is not a number or does not fit.
std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

/// A whole number with ms, s, m or h; at most 1000 days.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;
/// In the largest of h, s and ms that takes it whole.
std::string format_duration(std::chrono::milliseconds time);

/// Bytes of a whole number with k (1024) or m (1024²); at most 1 TiB.
std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;
std::string format_size(std::uint64_t bytes);

/// `N/s`, `N/m` or `N/h`, N from 1 to 1000000.
std::optional<rate> parse_rate(std::string_view text) noexcept;
/// "off" for no rate.
std::string format_rate(const std::optional<rate>& limit);

} // namespace byot::config
