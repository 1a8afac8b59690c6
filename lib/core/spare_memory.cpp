#include "core/spare_memory.hpp"

#include <malloc.h>

#include <array>
#include <cstdlib>

namespace byot {
namespace {

// What glibc keeps in a thread's cache when nobody set its tunables (malloc.c: TCACHE_MAX_BINS,
// TCACHE_FILL_COUNT).
constexpr std::size_t cached_sizes = 64;
constexpr std::size_t cached_of_each = 7;
constexpr std::size_t size_step = 16;

using cached_blocks = std::array<void*, cached_sizes * cached_of_each>;

void allocate(cached_blocks& blocks) noexcept {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        blocks[i] = std::malloc(size_step * (i / cached_of_each) + size_step / 2);
    }
}

void release(const cached_blocks& blocks) noexcept {
    for (auto* block : blocks) std::free(block);
}

/// A block in the thread's cache counts as used and holds its page, which malloc_trim then passes over; after
/// a crowd some hundred of them lie scattered. They are replaced by blocks that lie side by side.
void exchange_cached_blocks() noexcept {
    cached_blocks scattered;
    cached_blocks together;
    allocate(scattered);
    allocate(together);
    release(together); // into the cache, so that there is no room in it for the others
    release(scattered);
}

} // namespace

void give_spare_memory_back() noexcept {
    ::malloc_trim(0); // first, so that what is allocated next comes from few places
    exchange_cached_blocks();
    ::malloc_trim(0);
}

} // namespace byot
