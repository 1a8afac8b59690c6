#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace byot {

/// Small rooms of locked memory, each for one secret in use, taken and given back without a system call. One
/// thread's. Grows by blocks as needed and keeps them until `free_spare`.
class locked_slots {
public:
    explicit locked_slots(std::size_t slot_size, std::size_t slots_per_block = 16);
    ~locked_slots();
    locked_slots(const locked_slots&) = delete;
    locked_slots& operator=(const locked_slots&) = delete;

    /// One slot, wiped and given back when it goes. Must not outlive its pool.
    class slot {
    public:
        slot(locked_slots& pool, char* memory) noexcept : pool_(&pool), memory_(memory) {}
        slot(slot&& other) noexcept;
        slot& operator=(slot&&) = delete;
        ~slot();
        std::span<char> bytes() const noexcept { return {memory_, pool_->slot_size_}; }
        /// Wipes it and lets others use it, before it goes. `bytes` must not be asked for after that.
        void give_back() noexcept;

    private:
        locked_slots* pool_;
        char* memory_;
    };

    /// Throws std::bad_alloc when there is no memory to lock away.
    slot take();
    /// Frees the blocks that no slot in use lies in.
    void free_spare() noexcept;
    std::size_t blocks() const noexcept { return blocks_.size(); }

private:
    struct block {
        char* memory;
        explicit block(std::size_t size);
        block(block&& other) noexcept;
        block& operator=(block&& other) noexcept;
        ~block();
    };
    std::size_t slot_size_;
    std::size_t slots_per_block_;
    std::vector<block> blocks_;
    std::vector<char*> free_;
};

} // namespace byot
