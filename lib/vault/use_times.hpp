#pragma once

#include "vault/key_record.hpp"

#include <string>
#include <unordered_map>

namespace byot::vault {

/// When this reactor last recorded the use of each credential, so that it does so seldom.
class use_times {
public:
    explicit use_times(std::chrono::milliseconds interval) : interval_(interval) {}

    /// Whether a use at `now` is to be recorded; if so it counts as recorded.
    bool is_due(const key_record& record, wall_time now);

private:
    bool is_recent(std::optional<wall_time> recorded, wall_time now) const noexcept;
    void make_room(wall_time now);

    std::chrono::milliseconds interval_;
    std::unordered_map<std::string, wall_time> recorded_;
};

} // namespace byot::vault
