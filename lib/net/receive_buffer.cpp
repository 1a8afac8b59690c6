#include "net/receive_buffer.hpp"

#include "core/secret.hpp"

#include <algorithm>
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
    consume(size());
}

std::span<char> receive_buffer::room() {
    if (!memory_) {
        memory_ = capacity_ == block_shelf::block_size ? shelf_.take()
                                                       : std::make_unique_for_overwrite<char[]>(capacity_);
    }
    return {memory_.get() + end_, static_cast<std::size_t>(capacity_ - end_)};
}

void receive_buffer::release_if_empty() noexcept {
    if (begin_ != end_ || !memory_) return;
    begin_ = end_ = 0;
    if (capacity_ == block_shelf::block_size) shelf_.give_back(std::move(memory_));
}

void receive_buffer::consume(std::size_t count) noexcept {
    assert(count <= size());
    if (count == 0) return;
    wipe(memory_.get() + begin_, count);
    begin_ += static_cast<std::uint32_t>(count);
    if (begin_ == end_) {
        release_if_empty();
    } else if (is_full()) {
        make_room();
    }
}

// Only here and in `reserve` do bytes move: views into the front hold while a read goes on.
void receive_buffer::make_room() noexcept {
    const auto rest = size();
    std::memmove(memory_.get(), memory_.get() + begin_, rest);
    wipe(memory_.get() + std::max<std::size_t>(rest, begin_), end_ - std::max<std::size_t>(rest, begin_));
    begin_ = 0;
    end_ = static_cast<std::uint32_t>(rest);
}

void receive_buffer::reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    const auto rest = size();
    if (rest > 0) std::memcpy(larger.get(), memory_.get() + begin_, rest);
    if (memory_) wipe(memory_.get() + begin_, rest);
    const bool was_block = capacity_ == block_shelf::block_size;
    auto old = std::exchange(memory_, std::move(larger));
    if (old && was_block) shelf_.give_back(std::move(old));
    begin_ = 0;
    end_ = static_cast<std::uint32_t>(rest);
    capacity_ = static_cast<std::uint32_t>(capacity);
}

void receive_buffer::shrink() noexcept {
    if (size() > 0 || capacity_ == block_shelf::block_size) return;
    memory_.reset();
    begin_ = end_ = 0;
    capacity_ = block_shelf::block_size;
}

} // namespace byot::net
