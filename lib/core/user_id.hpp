#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace byot {

/// Whose a key, a request or a stream is: a user of an Identity Platform tenant, or of none. The same uid in
/// two tenants is two users. A uid alone never becomes a user by itself, so that no tenant is lost on the
/// way.
class user_id {
public:
    static constexpr std::size_t longest_tenant = 255; ///< in bytes

    user_id() = default;
    /// A user of no tenant.
    explicit user_id(std::string_view uid) : user_id({}, uid) {}
    /// Of no tenant when that is empty. Throws std::length_error when it is over `longest_tenant`.
    static user_id in_tenant(std::string_view tenant, std::string_view uid) { return {tenant, uid}; }

    /// Empty: none.
    std::string_view tenant() const noexcept;
    std::string_view uid() const noexcept;

    /// Both as one text that no two users share: what is signed, hashed and looked up. It is the uid where
    /// there is no tenant; else NUL, the tenant's length as one byte, the tenant, the uid. (A uid that begins
    /// with NUL, which no token may have, is written as one of a tenant of length 0.)
    const std::string& canonical() const noexcept { return canonical_; }

    friend bool operator==(const user_id&, const user_id&) = default;
    friend auto operator<=>(const user_id&, const user_id&) = default;

private:
    user_id(std::string_view tenant, std::string_view uid);

    std::string canonical_;
};

} // namespace byot

template <>
struct std::hash<byot::user_id> {
    std::size_t operator()(const byot::user_id& who) const noexcept {
        return std::hash<std::string_view>()(who.canonical());
    }
};
