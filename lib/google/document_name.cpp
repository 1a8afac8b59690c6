#include "google/document_name.hpp"

#include <array>
#include <cstddef>

namespace byot::google {
namespace {

// Where it is empty, anything may stand.
constexpr std::array<std::string_view, 5> front{"projects", "", "databases", "", "documents"};

bool is_segment(std::string_view segment, std::size_t place) noexcept {
    const auto expected = place < front.size() ? front[place] : std::string_view();
    return expected.empty() ? !segment.empty() : segment == expected;
}

} // namespace

bool is_document_name(std::string_view text) noexcept {
    for (std::size_t place = 0;; ++place) {
        const auto segment = text.substr(0, text.find('/'));
        if (!is_segment(segment, place)) return false;
        const bool is_id = place > front.size() && (place - front.size()) % 2 == 1;
        if (segment.size() == text.size()) return is_id;
        text.remove_prefix(segment.size() + 1);
    }
}

} // namespace byot::google
