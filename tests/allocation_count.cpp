#include "allocation_count.hpp"

#include <cstdlib>
#include <new>

#ifndef __has_feature // g++ has macros of its own
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define BYOT_HAS_THREAD_SANITIZER 1
#endif
#if defined(BYOT_HAS_THREAD_SANITIZER) || defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define BYOT_HAS_SANITIZER 1
#endif

namespace {

constexpr std::size_t plenty = static_cast<std::size_t>(-1);

thread_local std::size_t allocations = 0;
thread_local std::size_t until_none = plenty; // allocations before the one that fails

[[maybe_unused]] bool has_memory() noexcept {
    return until_none == plenty || until_none-- > 0;
}

[[maybe_unused]] void* allocate(std::size_t size) noexcept {
    if (!has_memory()) return nullptr;
#ifndef BYOT_HAS_SANITIZER
    ++allocations;
#endif
    return std::malloc(size == 0 ? 1 : size);
}

} // namespace

std::size_t allocations_so_far() noexcept {
    return allocations;
}

// Once it has gone below zero it is `plenty` again.
scarce_memory::scarce_memory(std::size_t spared) noexcept {
    until_none = spared;
}
scarce_memory::~scarce_memory() {
    until_none = plenty;
}
bool scarce_memory::was_felt() const noexcept {
    return until_none == plenty;
}

#ifdef BYOT_HAS_SANITIZER

// A sanitizer tells of each allocation, those of C libraries too.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void*, std::size_t),
                                                         void (*freed)(const volatile void*));

namespace {

[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++allocations; }, [](const volatile void*) {});

} // namespace

#endif

#ifndef BYOT_HAS_THREAD_SANITIZER // whose own operators cannot be replaced

// The forms for arrays come here too, or are the library's own as a whole.
void* operator new(std::size_t size) {
    if (void* const memory = allocate(size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#endif
