#pragma once

#include "core/clock.hpp"
#include "relay/event_reader.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace byot::app {

/// Whether the events of a stream came as they were made.
enum class stream_pace : std::uint8_t {
    apart,
    in_one_lump, ///< somebody on the way gathered them
    cannot_tell, ///< too few, or the whole answer was quick
};

/// When the events of a stream come, and what the last of them says.
class stream_arrivals {
public:
    explicit stream_arrivals(steady_time asked) noexcept : asked_(asked) {}

    /// The body so far.
    void note(std::string_view so_far, steady_time now);

    std::size_t count() const noexcept { return came_.size(); }
    std::string_view last_data() const noexcept { return last_data_; }
    std::chrono::milliseconds until_first() const noexcept;
    std::chrono::milliseconds until_last() const noexcept;
    stream_pace pace() const noexcept;

private:
    steady_time asked_;
    std::vector<steady_time> came_;
    relay::event_reader reader_;
    std::size_t seen_ = 0;
    std::string data_;
    std::string last_data_;
};

} // namespace byot::app
