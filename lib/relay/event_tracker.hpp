#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace byot::relay {

/// Follows the frames of a Genkit event stream, so that one that is cut short can be told from one that has
/// ended: events end with an empty line, and the last is `data: {"result"…`, `data: {"error"…` or `error: …`.
class event_tracker {
public:
    void follow(std::string_view content) noexcept;

    /// What ends an event that has begun: its empty line, or the half of it that is missing; else nothing.
    std::string_view rest_of_event() const noexcept {
        if (prefix_size_ == 0) return {};
        return ends_with_newline_ ? "\n" : "\n\n";
    }
    /// Whether a whole event with a result or an error has passed.
    bool has_terminal_event() const noexcept { return has_terminal_; }

private:
    bool is_terminal() const noexcept;

    // As much of the event as tells what it is.
    std::array<char, 24> prefix_{};
    std::size_t prefix_size_ = 0;
    bool ends_with_newline_ = false;
    bool has_terminal_ = false;
};

/// The frame that tells a client that its stream was cut short, as Genkit's clients read it, behind what ends
/// the event that was cut (`event_tracker::rest_of_event`).
std::string terminal_event(std::string_view status, std::string_view message, std::string_view rest);

} // namespace byot::relay
