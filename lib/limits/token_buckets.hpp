#pragma once

#include "core/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace byot::limits {

/// A rate: `count` requests in `period`; also the burst.
struct rate {
    std::uint32_t count = 0; ///< at least 1
    std::chrono::seconds period{1};
};

/// What a bucket answered.
struct verdict {
    bool is_allowed = true;
    rate limit;                      ///< the bucket's; count 0 when there is no rate
    std::uint32_t remaining = 0;     ///< whole tokens left
    std::chrono::seconds next_in{0}; ///< until there is one more, rounded up
};

/// Token buckets by name (a user, an address), one reactor's. Memory is bounded: beyond `capacity` names the
/// one longest unused leaves. Time is an argument.
class token_buckets {
public:
    token_buckets(std::optional<rate> each, std::size_t capacity);
    token_buckets(token_buckets&&) = default;
    token_buckets& operator=(token_buckets&&) = default;

    /// Takes a token of that name; always allowed when there is no rate.
    verdict take(std::string_view name, steady_time now);
    std::size_t size() const noexcept;

private:
    struct bucket {
        std::string name;
        steady_time full_at; ///< when it will be full again
    };
    using place = std::list<bucket>::iterator;

    place find(std::string_view name, steady_time now);
    place make_room();

    std::optional<rate> each_;
    std::size_t capacity_;
    std::list<bucket> by_use_; ///< the last used first
    std::unordered_map<std::string_view, place> by_name_;
};

} // namespace byot::limits
