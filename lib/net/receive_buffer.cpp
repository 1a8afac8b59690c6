#include "net/receive_buffer.hpp"

#include "core/secret.hpp"

#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace byot::net {

receive_buffer::~receive_buffer() {
    consume(size_);
}

std::span<char> receive_buffer::room() noexcept {
    try {
        if (!memory_) memory_ = shelf_.take(capacity_);
    } catch (const std::bad_alloc&) {
        return {};
    }
    return {memory_.get() + size_, static_cast<std::size_t>(capacity_ - size_)};
}

void receive_buffer::release_if_empty() noexcept {
    if (size_ == 0 && capacity_ == block_shelf::block_size) memory_.reset();
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
    auto larger = shelf_.take(capacity);
    if (memory_) {
        std::memcpy(larger.get(), memory_.get(), size_);
        wipe(memory_.get(), size_);
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
