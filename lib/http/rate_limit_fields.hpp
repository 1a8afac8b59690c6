#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace byot::http {

/// What a request left of one limit. All zero: there is no such limit, or it was not asked.
struct rate_limit_state {
    std::uint32_t quota = 0;     ///< requests in a window, also the most at once; at least 1 when asked
    std::uint32_t window = 0;    ///< in seconds
    std::uint32_t remaining = 0; ///< requests that may follow at once
    std::uint32_t next_in = 0;   ///< seconds until one more may, rounded up; 0 when none is missing

    bool is_asked() const noexcept { return quota > 0; }
};

/// The limits that a request can meet.
struct rate_limit_states {
    rate_limit_state user;
    rate_limit_state address;
};

/// The field lines RateLimit-Policy and RateLimit of the limits that were asked
/// (draft-ietf-httpapi-ratelimit-headers-10 §3 and §4; "user" and "address" name the policies, q and w are
/// quota and window, r what remains, t the seconds until more is there). Does not allocate.
class rate_limit_fields {
public:
    explicit rate_limit_fields(const rate_limit_states& states) noexcept;
    /// Whole lines; empty when no limit was asked. As long as this lives.
    std::string_view lines() const noexcept { return {text_.data(), size_}; }

    static constexpr std::size_t most = 192; ///< bytes that the lines can have

private:
    std::array<char, most> text_;
    std::size_t size_ = 0;
};

} // namespace byot::http
