#include "http/field_lines.hpp"

#include <algorithm>
#include <utility>

namespace byot::http {

namespace {

constexpr std::string_view between_lines = ", ";

} // namespace

field_lines::field_lines(const request_head& head, field name) noexcept
    : name_(name), rest_(head.is_repeated(name) ? head.field_section() : std::string_view()) {
    if (head.has(name) && !head.is_repeated(name)) only_ = head.value(name);
}

std::optional<std::string_view> field_lines::next() noexcept {
    if (only_) return std::exchange(only_, std::nullopt);
    field_line line;
    while (rest_.field(line) == scan::done) {
        if (find_field(line.name) == name_) return line.value;
    }
    return std::nullopt;
}

std::string joined_lines(const request_head& head, field name) {
    std::string joined;
    joined.reserve(joined_size(head, name));
    field_lines lines(head, name);
    for (auto line = lines.next(); line; line = lines.next()) {
        joined += *line;
        joined += between_lines;
    }
    joined.resize(joined_size(head, name));
    return joined;
}

std::size_t joined_size(const request_head& head, field name) noexcept {
    std::size_t size = 0;
    field_lines lines(head, name);
    for (auto line = lines.next(); line; line = lines.next()) size += line->size() + between_lines.size();
    return size == 0 ? 0 : size - between_lines.size();
}

std::optional<std::string_view> list_elements::next() noexcept {
    while (!rest_.empty()) {
        const auto comma = std::min(rest_.find(','), rest_.size());
        const auto element = trim_blanks(rest_.substr(0, comma));
        rest_.remove_prefix(std::min(comma + 1, rest_.size()));
        if (!element.empty()) return element;
    }
    return std::nullopt;
}

element_count count_elements(const request_head& head, field name, std::string_view token) noexcept {
    element_count count;
    field_lines lines(head, name);
    for (auto line = lines.next(); line; line = lines.next()) {
        list_elements elements(*line);
        for (auto element = elements.next(); element; element = elements.next()) {
            ++count.all;
            if (equals_lower(*element, token)) ++count.equal;
        }
    }
    return count;
}

} // namespace byot::http
