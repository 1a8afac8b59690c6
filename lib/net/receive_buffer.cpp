#include "net/receive_buffer.hpp"

#include "core/secret.hpp"

#include <cassert>
#include <cstring>
#include <utility>

namespace byot::net {

std::unique_ptr<char[]> block_shelf::take() {
    if (blocks_.empty()) return std::make_unique_for_overwrite<char[]>(block_size);
    auto block = std::move(blocks_.back());
    blocks_.pop_back();
    return block;
}

void block_shelf::give_back(std::unique_ptr<char[]> block) noexcept {
    if (blocks_.capacity() == 0) blocks_.reserve(kept);
    if (blocks_.size() < kept) blocks_.push_back(std::move(block));
}

receive_buffer::~receive_buffer() {
    consume(size_);
}

std::span<char> receive_buffer::room() {
    if (!memory_) {
        memory_ = capacity_ == block_shelf::block_size ? shelf_.take()
                                                       : std::make_unique_for_overwrite<char[]>(capacity_);
    }
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
