#include "core/locked_pages.hpp"

#include "core/secret.hpp"

#include <sys/mman.h>

#include <new>

namespace byot {
namespace {

char* map_pages(std::size_t size) noexcept {
    void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? nullptr : static_cast<char*>(pages);
}

} // namespace

// Where locking fails the program goes on: it has said so when it started.
char* take_locked_pages(std::size_t size) {
    auto* const pages = map_pages(size);
    if (!pages) throw std::bad_alloc();
    static_cast<void>(::mlock(pages, size));
    static_cast<void>(::madvise(pages, size, MADV_DONTDUMP));
    return pages;
}

void give_back_locked_pages(char* memory, std::size_t size) noexcept {
    if (!memory) return;
    wipe(memory, size);
    ::munmap(memory, size); // which unlocks
}

bool can_lock(std::size_t size) noexcept {
    auto* const pages = map_pages(size);
    if (!pages) return false;
    const bool is_locked = ::mlock(pages, size) == 0;
    ::munmap(pages, size);
    return is_locked;
}

} // namespace byot
