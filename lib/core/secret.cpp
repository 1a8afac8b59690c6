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
    sodium_stackzero(std::size_t{16} * 1024);
    wipe_registers();
}

#if defined(__x86_64__)

namespace {

const bool has_avx = __builtin_cpu_supports("avx");
const bool has_avx512 = __builtin_cpu_supports("avx512vl");

// The compiler takes every register below for lost at a call (System V ABI §3.2.1), so nothing is saved for
// it.
void wipe_first_sixteen() noexcept {
    if (has_avx) {
        asm volatile("vzeroall" ::
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                           "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
        return;
    }
    asm volatile(
        "pxor %%xmm0, %%xmm0; pxor %%xmm1, %%xmm1; pxor %%xmm2, %%xmm2; pxor %%xmm3, %%xmm3;"
        "pxor %%xmm4, %%xmm4; pxor %%xmm5, %%xmm5; pxor %%xmm6, %%xmm6; pxor %%xmm7, %%xmm7;"
        "pxor %%xmm8, %%xmm8; pxor %%xmm9, %%xmm9; pxor %%xmm10, %%xmm10; pxor %%xmm11, %%xmm11;"
        "pxor %%xmm12, %%xmm12; pxor %%xmm13, %%xmm13; pxor %%xmm14, %%xmm14; pxor %%xmm15, %%xmm15" ::
            : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
              "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

// The C library copies through these where they are; this program is not compiled for them. Writing the low
// part of one clears the rest.
void wipe_last_sixteen() noexcept {
    asm volatile(
        "vpxord %xmm16, %xmm16, %xmm16; vpxord %xmm17, %xmm17, %xmm17; vpxord %xmm18, %xmm18, %xmm18;"
        "vpxord %xmm19, %xmm19, %xmm19; vpxord %xmm20, %xmm20, %xmm20; vpxord %xmm21, %xmm21, %xmm21;"
        "vpxord %xmm22, %xmm22, %xmm22; vpxord %xmm23, %xmm23, %xmm23; vpxord %xmm24, %xmm24, %xmm24;"
        "vpxord %xmm25, %xmm25, %xmm25; vpxord %xmm26, %xmm26, %xmm26; vpxord %xmm27, %xmm27, %xmm27;"
        "vpxord %xmm28, %xmm28, %xmm28; vpxord %xmm29, %xmm29, %xmm29; vpxord %xmm30, %xmm30, %xmm30;"
        "vpxord %xmm31, %xmm31, %xmm31");
}

} // namespace

void wipe_registers() noexcept {
    wipe_first_sixteen();
    if (has_avx512) wipe_last_sixteen();
}

#else

void wipe_registers() noexcept {}

#endif

} // namespace byot
