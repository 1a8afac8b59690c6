#pragma once

namespace byot {

/// Gives the memory that is free to the system: of all threads what the allocator holds, and of this thread
/// what it keeps for itself. Takes about a millisecond for each 10 MB; for a moment when little is going on.
void give_spare_memory_back() noexcept;

} // namespace byot
