#pragma once

#include <cstddef>

/// How often this thread has asked for memory so far. A program that refers to it counts; the others keep
/// the library's operators.
std::size_t allocations_so_far() noexcept;

/// While it lives (not under the thread sanitizer), one `new` of its thread finds no memory: the one after
/// `spared` more. Made and destroyed on the same thread, one at a time.
class scarce_memory {
public:
    explicit scarce_memory(std::size_t spared) noexcept;
    ~scarce_memory();
    scarce_memory(const scarce_memory&) = delete;
    scarce_memory& operator=(const scarce_memory&) = delete;

    /// Whether that one was asked for.
    bool was_felt() const noexcept;
};
