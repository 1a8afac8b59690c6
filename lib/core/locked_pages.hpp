#pragma once

#include <cstddef>

namespace byot {

/// Whole pages of zeros, at least `size` bytes, for what may be a key or a token: locked, so that they are
/// never written to a swap device, where the system permits it, and left out of core images. They lie apart
/// from the heap. A few system calls each, so for those who keep them. Throws std::bad_alloc.
char* take_locked_pages(std::size_t size);
/// Wipes them and gives them back. `size` is what was asked for; null is nothing.
void give_back_locked_pages(char* memory, std::size_t size) noexcept;

/// Whether the system lets this process lock `size` bytes more than it has (RLIMIT_MEMLOCK, CAP_IPC_LOCK).
bool can_lock(std::size_t size) noexcept;

} // namespace byot
