#pragma once

#include <cstddef>

/// How often this thread has asked operator new for memory (the operators are in allocations_test.cpp).
std::size_t allocations_so_far() noexcept;
