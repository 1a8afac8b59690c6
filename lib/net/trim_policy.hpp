#pragma once

#include <algorithm>
#include <cstddef>

namespace byot::net {

/// Finds the moment at which the memory of a crowd may go back to the system: when, of many connections, at
/// most half have been left for a while. Not before, since those who left may come back, and what they used
/// is kept for them; and not for a few, whose memory is not worth the work.
class trim_policy {
public:
    /// Fewer are no crowd.
    static constexpr std::size_t crowd = 64;
    /// Looks in a row that must find at most half.
    static constexpr unsigned patience = 10;

    /// One look, at how many connections are `open` now. True once for each crowd that left; those who are
    /// left are then the measure of the next.
    bool is_due(std::size_t open) noexcept {
        most_ = std::max(most_, open);
        if (most_ < crowd || open > most_ / 2) {
            looks_ = 0;
            return false;
        }
        if (++looks_ < patience) return false;
        looks_ = 0;
        most_ = open;
        return true;
    }

private:
    std::size_t most_ = 0;
    unsigned looks_ = 0;
};

} // namespace byot::net
