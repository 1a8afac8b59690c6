#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace byot::app {

/// The beginning of a text from elsewhere (an answer, the command line) as a terminal may be shown it: one
/// line of at most `longest` bytes that ends with a whole character. In place of each control character (C0,
/// DEL, C1), end of a line and override of direction (Unicode UAX #9) stands `in_place`; in place of each
/// byte that is no UTF-8 a question mark, for such a byte may be a control of C1 too.
std::string printable_text(std::string_view text, std::size_t longest, char in_place);

} // namespace byot::app
