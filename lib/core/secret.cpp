#include "core/secret.hpp"

#include <sodium.h>

#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace byot {

secret::secret(std::size_t capacity)
    : data_(capacity ? static_cast<char*>(sodium_malloc(capacity)) : nullptr), capacity_(capacity) {
    if (capacity && !data_) throw std::bad_alloc();
}

secret secret::copy_of(std::string_view bytes) {
    secret copy(bytes.size());
    copy.append(bytes);
    return copy;
}

secret::secret(secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

// What this held goes now, not when `other` does.
secret& secret::operator=(secret&& other) noexcept {
    secret taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    std::swap(capacity_, taken.capacity_);
    return *this;
}

// sodium_free wipes before it unlocks.
secret::~secret() {
    sodium_free(data_);
}

std::span<unsigned char> secret::expose_writable() noexcept {
    return {reinterpret_cast<unsigned char*>(data_), size_};
}

void secret::append(std::string_view bytes) noexcept {
    assert(size_ + bytes.size() <= capacity_);
    if (!bytes.empty()) std::memcpy(data_ + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
}

void secret::resize(std::size_t size) noexcept {
    assert(size <= capacity_);
    if (size < size_) wipe(data_ + size, size_ - size);
    size_ = size;
}

void wipe(void* memory, std::size_t size) noexcept {
    sodium_memzero(memory, size);
    wipe_registers();
}

void wipe_stack() noexcept {
    sodium_stackzero(16 * 1024);
    wipe_registers();
}

} // namespace byot
