#include "net/receive_buffer.hpp"

#include "core/secret.hpp"

#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace byot::net {

block_shelf::block_shelf() {
    blocks_.reserve(kept);
}

std::unique_ptr<char[]> block_shelf::take() noexcept {
    if (blocks_.empty()) return std::unique_ptr<char[]>(new (std::nothrow) char[block_size]);
    auto block = std::move(blocks_.back());
    blocks_.pop_back();
    return block;
}

void block_shelf::give_back(std::unique_ptr<char[]> block) noexcept {
    if (blocks_.size() < kept) blocks_.push_back(std::move(block));
}

receive_buffer::~receive_buffer() {
    consume(size_);
}

std::span<char> receive_buffer::room() noexcept {
    if (!memory_ && capacity_ == block_shelf::block_size) memory_ = shelf_.take();
    if (!memory_) memory_.reset(new (std::nothrow) char[capacity_]);
    if (!memory_) return {};
    return {memory_.get() + size_, static_cast<std::size_t>(capacity_ - size_)};
}

void receive_buffer::release_if_empty() noexcept {
    if (size_ > 0 || !memory_) return;
    if (capacity_ == block_shelf::block_size) shelf_.give_back(std::move(memory_));
}

void receive_buffer::consume(std::size_t count) noexcept {
    assert(count <= size_);
    if (count == 0) return;
    const auto rest = size_ - count;
    std::memmove(memory_.get(), memory_.get() + count, rest);
    wipe(memory_.get() + rest, count);
    size_ = static_cast<std::uint32_t>(rest);
    release_if_empty();
}

void receive_buffer::reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (memory_) {
        std::memcpy(larger.get(), memory_.get(), size_);
        wipe(memory_.get(), size_);
        if (capacity_ == block_shelf::block_size) shelf_.give_back(std::move(memory_));
    }
    memory_ = std::move(larger);
    capacity_ = static_cast<std::uint32_t>(capacity);
}

void receive_buffer::shrink() noexcept {
    if (size_ > 0 || capacity_ == block_shelf::block_size) return;
    memory_.reset();
    capacity_ = block_shelf::block_size;
}

} // namespace byot::net
