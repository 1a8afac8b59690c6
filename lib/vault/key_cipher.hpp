#pragma once

#include "core/secret.hpp"
#include "core/user_id.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace byot::vault {

/// Keeps keys encrypted in ordinary memory: XChaCha20-Poly1305 under a random key in locked memory, bound to
/// the user and provider they were encrypted for.
class key_cipher {
public:
    /// A user (`canonical`) and a provider longer than this together are not taken.
    static constexpr std::size_t longest_owner = 640;

    key_cipher();

    /// Precondition: user and provider fit `longest_owner`.
    std::string encrypt(const user_id& who, std::string_view provider, std::string_view api_key) const;
    /// The size of the key, written to the front of `out`; nothing when the box was not made for them or
    /// does not fit. Allocates nothing.
    std::optional<std::size_t> decrypt(const user_id& who, std::string_view provider, std::string_view box,
                                       std::span<char> out) const noexcept;

private:
    secret key_;
};

} // namespace byot::vault
