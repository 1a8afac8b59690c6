#pragma once

#include <cstddef>

/// How often this thread has asked for memory so far. A program that refers to it counts; the others keep
/// the library's operators.
std::size_t allocations_so_far() noexcept;
