#pragma once

#include <cstddef>
#include <string_view>

namespace byot {

/// The length of the well-formed UTF-8 character (RFC 3629 §4) that `text` begins with, 1 to 4; zero when it
/// begins with none.
std::size_t utf8_character(std::string_view text) noexcept;

} // namespace byot
