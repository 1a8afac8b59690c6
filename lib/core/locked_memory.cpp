#include "core/locked_memory.hpp"

#include "core/secret.hpp"

#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <utility>

namespace byot {
namespace {

char* map_pages(std::size_t size) noexcept {
    void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? nullptr : static_cast<char*>(pages);
}

} // namespace

// Where locking fails the program goes on: it has said so when it started.
char* take_locked_pages(std::size_t size) {
    auto* const pages = map_pages(size);
    if (!pages) throw std::bad_alloc();
    static_cast<void>(::mlock(pages, size));
    static_cast<void>(::madvise(pages, size, MADV_DONTDUMP));
    return pages;
}

void give_back_locked_pages(char* memory, std::size_t size) noexcept {
    if (!memory) return;
    wipe(memory, size);
    ::munmap(memory, size); // which unlocks
}

bool can_lock(std::size_t size) noexcept {
    auto* const pages = map_pages(size);
    if (!pages) return false;
    const bool is_locked = ::mlock(pages, size) == 0;
    ::munmap(pages, size);
    return is_locked;
}

locked_slots::block::block(std::size_t size) : memory(static_cast<char*>(sodium_malloc(size))) {
    if (!memory) throw std::bad_alloc();
}
locked_slots::block::block(block&& other) noexcept : memory(std::exchange(other.memory, nullptr)) {}
locked_slots::block& locked_slots::block::operator=(block&& other) noexcept {
    std::swap(memory, other.memory);
    return *this;
}
locked_slots::block::~block() {
    sodium_free(memory);
}

locked_slots::locked_slots(std::size_t slot_size, std::size_t slots_per_block)
    : slot_size_(slot_size), slots_per_block_(slots_per_block) {}

locked_slots::~locked_slots() = default;

locked_slots::slot locked_slots::take() {
    if (free_.empty()) {
        free_.reserve((blocks_.size() + 1) * slots_per_block_); // first: a block without it would be lost
        const auto& added = blocks_.emplace_back(slot_size_ * slots_per_block_);
        for (std::size_t i = 0; i < slots_per_block_; ++i) free_.push_back(added.memory + i * slot_size_);
    }
    auto* const memory = free_.back();
    free_.pop_back();
    return slot(*this, memory);
}

void locked_slots::free_spare() noexcept {
    const auto size = slot_size_ * slots_per_block_;
    std::erase_if(blocks_, [this, size](const block& each) {
        const auto lies_in = [&each, size](const char* one) {
            return one >= each.memory && one < each.memory + size;
        };
        const auto in_it = static_cast<std::size_t>(std::ranges::count_if(free_, lies_in));
        if (in_it < slots_per_block_) return false;
        std::erase_if(free_, lies_in);
        return true;
    });
}

locked_slots::slot::slot(slot&& other) noexcept
    : pool_(other.pool_), memory_(std::exchange(other.memory_, nullptr)) {}

locked_slots::slot::~slot() {
    give_back();
}

void locked_slots::slot::give_back() noexcept {
    if (!memory_) return;
    sodium_memzero(memory_, pool_->slot_size_);
    pool_->free_.push_back(std::exchange(memory_, nullptr)); // never grows: `take` reserved for every slot
}

} // namespace byot
