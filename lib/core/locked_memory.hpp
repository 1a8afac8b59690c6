#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace byot {

/// Whole pages of zeros, at least `size` bytes, for what may be a key or a token: locked, so that they are
/// never written to a swap device, where the system permits it, and left out of core images. They lie apart
/// from the heap. A few system calls each, so for those who keep them. Throws std::bad_alloc.
char* take_locked_pages(std::size_t size);
/// Wipes them and gives them back. `size` is what was asked for; null is nothing.
void give_back_locked_pages(char* memory, std::size_t size) noexcept;

/// Whether the system lets this process lock `size` bytes more than it has (RLIMIT_MEMLOCK, CAP_IPC_LOCK).
bool can_lock(std::size_t size) noexcept;

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
    std::size_t blocks() const noexcept { return blocks_.size(); } ///< held at the moment

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
