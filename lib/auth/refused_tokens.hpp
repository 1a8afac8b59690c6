#pragma once

#include "auth/token_digest.hpp"
#include "core/clock.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>

namespace byot::auth {

/// Tokens whose signature was found wrong a short while ago, so that sending one again and again costs a hash
/// and not an RSA operation. Of fixed size: a token's digest gives its place, and the last one there stays.
class refused_tokens {
public:
    static constexpr std::chrono::seconds memory{60};
    static constexpr std::size_t places = 4096;

    bool contains(const token_digest& token, wall_time now) const noexcept;
    void remember(const token_digest& token, wall_time now) noexcept;

private:
    struct entry {
        token_digest token{};
        wall_time until{};
    };
    static std::size_t place_of(const token_digest& token) noexcept;

    std::unique_ptr<std::array<entry, places>> entries_ = std::make_unique<std::array<entry, places>>();
};

} // namespace byot::auth
