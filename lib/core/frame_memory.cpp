#include "core/frame_memory.hpp"

#include "core/secret.hpp"

#include <array>
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

} // namespace byot
