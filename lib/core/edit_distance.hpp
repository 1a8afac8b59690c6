#pragma once

#include <cstddef>
#include <string_view>

namespace byot {

/// How many characters must be put in, left out, changed or exchanged with their neighbour to make one text
/// of the other (optimal string alignment). Takes time by the product of their lengths.
std::size_t edit_distance(std::string_view a, std::string_view b);

} // namespace byot
