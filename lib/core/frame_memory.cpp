#include "core/frame_memory.hpp"

#include "core/secret.hpp"

#include <malloc.h>

#include <array>
#include <cstdlib>
#include <new>
#include <utility>

namespace byot {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool keeps_frames = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool keeps_frames = false;
#else
constexpr bool keeps_frames = true;
#endif
#else
constexpr bool keeps_frames = true;
#endif

constexpr std::size_t step = 64;
constexpr std::size_t classes = 64; // frames below 4 KiB
constexpr std::size_t kept_per_class = 256;

struct free_frame {
    free_frame* next;
};

struct frame_shelves {
    std::array<free_frame*, classes> first{};
    std::array<std::size_t, classes> count{};
    std::size_t in_use = 0;

    ~frame_shelves() { clear(); }

    void clear() noexcept {
        for (auto*& frame : first) {
            while (frame) ::operator delete(std::exchange(frame, frame->next));
        }
        count.fill(0);
    }
};

thread_local frame_shelves shelves;

// What the allocator holds.

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

void* frame_memory::operator new(std::size_t size) {
    const auto shelf = (size + step - 1) / step;
    const bool is_kept = keeps_frames && shelf < classes;
    if (is_kept) {
        if (auto* frame = shelves.first[shelf]) {
            shelves.in_use += size;
            shelves.first[shelf] = frame->next;
            --shelves.count[shelf];
            return frame;
        }
    }
    auto* const memory = ::operator new(is_kept ? shelf * step : size);
    shelves.in_use += size; // not before: that may have thrown
    return memory;
}

void frame_memory::operator delete(void* memory, std::size_t size) noexcept {
    const auto shelf = (size + step - 1) / step;
    shelves.in_use -= size;
    wipe(memory, size); // short strings lie in a frame, and what a client sent may be in one
    if (keeps_frames && shelf < classes && shelves.count[shelf] < kept_per_class) {
        shelves.first[shelf] = new (memory) free_frame{shelves.first[shelf]};
        ++shelves.count[shelf];
        return;
    }
    ::operator delete(memory);
}

std::size_t frame_bytes_in_use() noexcept {
    return shelves.in_use;
}

void free_spare_frames() noexcept {
    shelves.clear();
}

void give_spare_memory_back() noexcept {
    ::malloc_trim(0); // first, so that what is allocated next comes from few places
    exchange_cached_blocks();
    ::malloc_trim(0);
}

} // namespace byot
