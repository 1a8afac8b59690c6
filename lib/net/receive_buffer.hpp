#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace byot::net {

/// Small blocks that connections of one reactor pass on, so that a silent one holds none.
class block_shelf {
public:
    static constexpr std::size_t block_size = 2048;
    static constexpr std::size_t kept = 256;

    block_shelf();
    /// Null when there is no memory.
    std::unique_ptr<char[]> take() noexcept;
    /// Precondition: the block was wiped.
    void give_back(std::unique_ptr<char[]> block) noexcept;
    /// Frees what it keeps.
    void clear() noexcept { blocks_.clear(); }

private:
    std::vector<std::unique_ptr<char[]>> blocks_;
};

/// What was received and not consumed, in one piece. It has no memory while it is empty and small. Whatever
/// leaves it is wiped: it may have been a key or a token.
class receive_buffer {
public:
    explicit receive_buffer(block_shelf& shelf) noexcept : shelf_(shelf) {}
    ~receive_buffer();
    receive_buffer(const receive_buffer&) = delete;
    receive_buffer& operator=(const receive_buffer&) = delete;

    std::string_view bytes() const noexcept { return {memory_.get(), size_}; }
    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    bool is_full() const noexcept { return size_ == capacity_; }

    /// Where the next bytes go; empty when there is no memory. Precondition: not full.
    std::span<char> room() noexcept;
    /// `count` bytes were put into `room()`.
    void filled(std::size_t count) noexcept { size_ += static_cast<std::uint32_t>(count); }
    /// Gives the memory back when nothing was put in.
    void release_if_empty() noexcept;

    /// The rest moves to the front: bytes move here and in `reserve`, never while a read goes on.
    void consume(std::size_t count) noexcept;
    void reserve(std::size_t capacity);
    void shrink() noexcept;

private:
    block_shelf& shelf_;
    std::unique_ptr<char[]> memory_;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = block_shelf::block_size;
};

} // namespace byot::net
