#pragma once

#include "net/block_shelf.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace byot::net {

/// What was received and not consumed, in one piece. It has no memory while it is empty and small, and
/// locked memory else. Whatever leaves it is wiped: it may have been a key or a token.
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
    block_shelf::block memory_;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = block_shelf::block_size;
};

} // namespace byot::net
