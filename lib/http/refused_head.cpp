#include "http/refused_head.hpp"

#include "http/head_cursor.hpp"

namespace byot::http {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t longest_looked_at = 1024;

} // namespace

std::size_t refused_head::advance(std::string_view bytes) {
    std::size_t used = 0;
    while (!is_at_end_) {
        const auto rest = bytes.substr(used);
        const auto end = rest.find(line_end);
        if (end == std::string_view::npos) {
            if (!is_in_long_line_ && rest.size() > longest_looked_at) begin_long_line(rest.front());
            // Its last byte may be the first one of its end.
            return is_in_long_line_ && !rest.empty() ? bytes.size() - 1 : used;
        }
        take_line(rest.substr(0, end + line_end.size()));
        used += end + line_end.size();
    }
    return bytes.size();
}

void refused_head::begin_long_line(char first) noexcept {
    is_in_long_line_ = true;
    if (has_request_line_ && is_blank(first)) give_up();
}

void refused_head::take_line(std::string_view line) {
    if (is_in_long_line_) {
        is_in_long_line_ = false;
        has_request_line_ = true;
        return;
    }
    if (!has_request_line_) {
        has_request_line_ = line != line_end; // empty ones before it are passed over
        return;
    }
    is_at_end_ = line == line_end;
    if (is_blank(line.front())) give_up();
    field_line field;
    const bool is_good = line.size() <= longest_looked_at && head_cursor(line).field(field) == scan::done;
    if (!is_good || !equals_lower(field.name, "origin")) return;
    if (origin_) return give_up();
    origin_.emplace(field.value);
}

void refused_head::give_up() noexcept {
    origin_.reset();
    is_at_end_ = true;
}

} // namespace byot::http
