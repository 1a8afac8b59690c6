#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace byot::auth {

/// The whole SHA-256 of a token, under which it is remembered: the token itself is never kept.
using token_digest = std::array<unsigned char, 32>;

/// Does not allocate.
token_digest digest_of(std::string_view token) noexcept;

/// A digest is evenly spread as it is.
struct token_digest_hash {
    std::size_t operator()(const token_digest& digest) const noexcept {
        std::size_t value;
        std::memcpy(&value, digest.data(), sizeof value);
        return value;
    }
};

} // namespace byot::auth
