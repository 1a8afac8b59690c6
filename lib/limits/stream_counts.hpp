#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace byot::limits {

/// How many requests each user has under way, one reactor's. Forgets a user at zero.
class stream_counts {
public:
    explicit stream_counts(std::size_t most_per_user);

    /// Whether one more may begin; it is counted then.
    bool begin(std::string_view uid);
    void end(std::string_view uid) noexcept;
    std::size_t users() const noexcept;

private:
    std::size_t most_;
    std::unordered_map<std::string, std::size_t> counts_;
};

} // namespace byot::limits
