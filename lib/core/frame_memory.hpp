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

/// Gives the memory that is free to the system: of all threads what the allocator holds, and of this thread
/// what it keeps for itself. Takes about a millisecond for each 10 MB; for a moment when little is going on.
void give_spare_memory_back() noexcept;

} // namespace byot
