#pragma once

#include <cstddef>

namespace byot {

/// Gives coroutine frames memory that the thread keeps for the next frame of that size, so that a warm
/// request allocates nothing, and wipes each frame when it goes. Keeps none under AddressSanitizer, which
/// must see each frame come and go.
struct frame_memory {
    static void* operator new(std::size_t size);
    static void operator delete(void* memory, std::size_t size) noexcept;
};

/// How many bytes of frames this thread has in use.
std::size_t frame_bytes_in_use() noexcept;

/// Frees what this thread keeps for frames to come.
void free_spare_frames() noexcept;

} // namespace byot
