// Memory that is given back to the heap is overwritten first. Keys have locked memory of their own, but what
// a client put in a wrong place (a key in a query, say) and what a token was decoded to pass through ordinary
// strings. A warm request allocates nothing and so pays nothing.
#include "freed_memory.hpp"

#include "core/secret.hpp"

#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

namespace byot::app {
namespace {

void free_wiped(void* memory) noexcept {
    if (!memory) return;
    wipe(memory, malloc_usable_size(memory));
    std::free(memory);
}

void* allocate(std::size_t size, const char*, int) {
    return size ? std::malloc(size) : nullptr;
}

void release(void* memory, const char*, int) {
    free_wiped(memory);
}

// std::realloc would leave the old block as it was.
void* move_to(void* memory, std::size_t size, const char*, int) {
    auto* const larger = size ? std::malloc(size) : nullptr;
    if (size && !larger) return nullptr; // the old block stays its owner's
    if (larger && memory) std::memcpy(larger, memory, std::min(size, malloc_usable_size(memory)));
    free_wiped(memory);
    return larger;
}

} // namespace

void wipe_what_openssl_frees() {
    if (CRYPTO_set_mem_functions(&allocate, &move_to, &release) != 1)
        throw std::logic_error("OpenSSL was used before its memory was seen to");
}

} // namespace byot::app

// A sanitizer has operators of its own, which must see each block come and go.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BYOT_HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BYOT_HAS_SANITIZER 1
#endif
#endif

#ifndef BYOT_HAS_SANITIZER

// The array, sized and nothrow forms end in these
// (https://en.cppreference.com/w/cpp/memory/new/operator_delete).
void operator delete(void* memory) noexcept {
    byot::app::free_wiped(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    byot::app::free_wiped(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    byot::app::free_wiped(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    byot::app::free_wiped(memory);
}

#endif
