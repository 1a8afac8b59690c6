#include "relay/event_tracker.hpp"

#include "core/json.hpp"

#include <algorithm>
#include <cstring>

namespace byot::relay {

void event_tracker::follow(std::string_view content) noexcept {
    while (!content.empty()) {
        if (ends_with_newline_ && content.front() == '\n') {
            if (is_terminal()) has_terminal_ = true;
            prefix_size_ = 0;
            ends_with_newline_ = false;
            content.remove_prefix(1);
            continue;
        }
        const auto newline = content.find('\n');
        const auto line = content.substr(0, newline == content.npos ? newline : newline + 1);
        const auto kept = std::min(line.size(), prefix_.size() - prefix_size_);
        std::memcpy(prefix_.data() + prefix_size_, line.data(), kept);
        prefix_size_ += kept;
        ends_with_newline_ = line.ends_with('\n');
        content.remove_prefix(line.size());
    }
}

bool event_tracker::is_terminal() const noexcept {
    std::string_view event(prefix_.data(), prefix_size_);
    if (event.starts_with("error:")) return true;
    if (!event.starts_with("data:")) return false;
    event.remove_prefix(5);
    // Genkit's clients take padding after the colon.
    event.remove_prefix(std::min(event.find_first_not_of(' '), event.size()));
    return event.starts_with("{\"result\"") || event.starts_with("{\"error\"");
}

std::string terminal_event(std::string_view status, std::string_view message, std::string_view rest) {
    std::string event(rest);
    event += "data: {\"error\":{\"status\":";
    append_json_string(event, status);
    event += ",\"message\":";
    append_json_string(event, message);
    event += "}}\n\n";
    return event;
}

} // namespace byot::relay
