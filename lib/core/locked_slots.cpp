#include "core/locked_slots.hpp"

#include <sodium.h>

#include <new>
#include <utility>

namespace byot {

locked_slots::block::block(std::size_t size) : memory(static_cast<char*>(sodium_malloc(size))) {
    if (!memory) throw std::bad_alloc();
}
locked_slots::block::block(block&& other) noexcept : memory(std::exchange(other.memory, nullptr)) {}
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

locked_slots::slot::slot(slot&& other) noexcept
    : pool_(other.pool_), memory_(std::exchange(other.memory_, nullptr)) {}

locked_slots::slot::~slot() {
    if (!memory_) return;
    sodium_memzero(memory_, pool_->slot_size_);
    pool_->free_.push_back(memory_); // never grows: `take` reserved for every slot
}

} // namespace byot
