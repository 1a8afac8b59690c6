#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace byot::net {

/// The locked memory that the connections of one reactor receive into and keep what they could not send in,
/// passed on from one to the next: what lies in it may be a key or a token. Blocks are taken and given back
/// without a system call while the shelf has some.
class block_shelf {
public:
    static constexpr std::size_t block_size = 2048;
    /// Free small blocks, and free larger ones of a size, that are kept for the next.
    static constexpr std::size_t kept = 256;
    static constexpr std::size_t kept_larger = 8;

    block_shelf() = default;
    ~block_shelf();
    block_shelf(const block_shelf&) = delete;
    block_shelf& operator=(const block_shelf&) = delete;

    /// Gives a block back where it was taken. Its owner has wiped it.
    struct giver {
        block_shelf* shelf = nullptr;
        std::size_t size = 0;
        void operator()(char* memory) const noexcept { shelf->give_back(memory, size); }
    };
    using block = std::unique_ptr<char[], giver>;

    /// At least `size` bytes. Must not outlive the shelf. Throws std::bad_alloc.
    block take(std::size_t size = block_size);
    /// Frees what nobody has.
    void free_spare() noexcept;
    /// Small blocks that nobody has.
    std::size_t free_blocks() const noexcept { return free_.size(); }

private:
    static constexpr std::size_t slab_size = 64 * 1024; ///< small blocks are cut from slabs
    static constexpr std::size_t larger_sizes = 5;      ///< 4 KiB to 64 KiB, by powers of two

    void add_slab();
    void drop_slab(char* begin) noexcept;
    char* take_small();
    void give_back(char* memory, std::size_t size) noexcept;
    void give_back_small(char* memory) noexcept;

    std::map<char*, std::size_t, std::greater<>> slabs_; ///< how many of its blocks each has given out
    std::vector<char*> free_;
    std::array<std::vector<char*>, larger_sizes> larger_;
};

} // namespace byot::net
