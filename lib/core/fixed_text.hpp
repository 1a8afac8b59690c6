#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace byot {

/// Text put together at compile time, of at most `Room` characters; more does not compile.
template <std::size_t Room>
class fixed_text {
public:
    constexpr fixed_text(std::initializer_list<std::string_view> parts) {
        for (const auto part : parts) add(part);
    }
    constexpr void add(std::string_view part) {
        std::copy(part.begin(), part.end(), characters_.begin() + size_);
        size_ += static_cast<std::ptrdiff_t>(part.size());
    }
    constexpr std::string_view view() const noexcept {
        return {characters_.data(), static_cast<std::size_t>(size_)};
    }

private:
    std::array<char, Room> characters_{};
    std::ptrdiff_t size_ = 0;
};

} // namespace byot
