#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace byot::limits {

/// How many requests each user has under way, one reactor's. Forgets a user at zero.
class stream_counts {
public:
    explicit stream_counts(std::size_t most_per_user);

    /// Whether one more may begin; it is counted then.
    bool begin(std::string_view uid);
    /// Precondition: one that began has not ended yet.
    void end(std::string_view uid) noexcept;
    std::size_t users() const noexcept;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };
    using counts = std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>>;

    void remember(std::string_view uid);

    std::size_t most_;
    counts counts_;
    std::vector<counts::node_type> spare_; ///< of users forgotten, for the next ones
};

} // namespace byot::limits
